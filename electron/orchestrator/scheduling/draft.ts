import { computeStates, desiredStates, type ComputeStateType, type DesiredStateType, type Execution } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import { terminalJobStates, type Job, type JobStateType } from '../../../shared/models/job'
import { topics } from '../../../shared/models/job-history'
import type { EvaluationTrigger } from '../../../shared/models/evaluation'
import { history, type Told } from './history'
import type { Change, Plan } from './plan'
import type { SchedulingInput } from './scheduling-input'

type StoredExecution = Omit<Execution, 'Job'>

const nanoseconds = (ms: number): number => Math.trunc(ms) * 1_000_000
/** Executions that are stopped in one look: a record of the ledger holds a megabyte. */
const mostStops = 500
const noOutput = { Stdout: '', StdoutTruncated: false, stderr: '', StderrTruncated: false, ExitCode: 0, ErrorMsg: '' }

/** Why an execution is stopped, in the words of its history. */
interface Stop {
  readonly compute: ComputeStateType
  readonly message: string
  readonly topic?: string
  readonly details?: Readonly<Record<string, string>>
}

/** A plan being made: every change is at once in what the rest of the look sees. */
export class Draft {
  readonly input: SchedulingInput
  readonly #changes: Change[] = []
  readonly #evaluate: { trigger: EvaluationTrigger; dueAt: number }[] = []
  readonly #executions: Map<string, StoredExecution>
  #job: Job
  #waiting: string | undefined
  readonly #stopped: StoredExecution[] = []
  /** Executions that were to be stopped beyond what one look may. */
  #isRest = false

  constructor(input: SchedulingInput) {
    this.input = input
    this.#job = input.job
    this.#executions = new Map(input.executions.map((execution) => [execution.ID, execution]))
  }

  get job(): Job {
    return this.#job
  }

  hasEnded(): boolean {
    return terminalJobStates.has(this.#job.State.StateType)
  }

  /** As they are now, in the order in which they were made. */
  executions(): readonly StoredExecution[] {
    return [...this.#executions.values()]
  }

  /** Those that this look stops: the nodes that are looked for see their room as taken still. */
  stopped(): readonly StoredExecution[] {
    return this.#stopped
  }

  live(): readonly StoredExecution[] {
    return this.executions().filter((execution) => !isTerminalExecution(execution))
  }

  /** Asks a node to take a partition; `running`: without a round of bids. */
  request(nodeId: string, desired: DesiredStateType, partition = 0): void {
    const { ids, now } = this.input
    const { ID: JobID, Namespace, Version } = this.#job
    const execution: StoredExecution = {
      ID: ids.execution(),
      Namespace,
      EvalID: ids.evaluation(),
      Name: '',
      NodeID: nodeId,
      JobID,
      JobVersion: Version,
      AllocatedResources: { Tasks: {} },
      DesiredState: { StateType: desired },
      ComputeState: { StateType: computeStates.New },
      PublishedResult: { Type: '' },
      RunOutput: noOutput,
      PreviousExecution: '',
      NextExecution: '',
      FollowupEvalID: '',
      ...(partition === 0 ? {} : { PartitionIndex: partition }),
      Revision: 1,
      CreateTime: nanoseconds(now),
      ModifyTime: nanoseconds(now),
    }
    this.#executions.set(execution.ID, execution)
    this.#changes.push({ put: 'execution', execution })
    this.#tell({ message: `Requested execution on ${shortId(nodeId)}`, topic: topics.scheduling, details: { NodeID: nodeId } }, execution)
  }

  /** A bid is taken: the node may run. */
  approve(execution: StoredExecution): void {
    this.#patch(execution, {
      desired: desiredStates.Running,
      desiredMessage: 'Running',
      compute: computeStates.BidAccepted,
      computeMessage: 'Running',
    })
    this.#tell({ message: 'Running', topic: topics.execution }, execution)
  }

  /** Beyond what fits into one record the rest is left to the next look, which finds it as it was. */
  stop(execution: StoredExecution, { compute, message, topic = topics.scheduling, details }: Stop): void {
    if (this.#stopped.length >= mostStops) {
      this.#isRest = true
      return
    }
    this.#stopped.push(execution)
    this.#patch(execution, { desired: desiredStates.Stopped, desiredMessage: message, compute, computeMessage: message })
    this.#tell({ message, topic, ...(details === undefined ? {} : { details }) }, execution)
  }

  /** Changes the state of the job, unless it is in it already. */
  enter(state: JobStateType, message: string | undefined, told?: Told): void {
    if (this.#job.State.StateType === state) return
    const { ID, Version, Revision } = this.#job
    const fields = {
      State: { StateType: state, ...(message === undefined ? {} : { Message: message }) },
      Revision: Revision + 1,
      ModifyTime: nanoseconds(this.input.now),
    }
    this.#job = { ...this.#job, ...fields }
    this.#changes.push({ patch: 'job', id: ID, version: Version, fields })
    if (told !== undefined) this.#tell(told)
  }

  reach(state: 'Running' | 'Completed'): void {
    this.enter(state, undefined, { message: state, topic: topics.stateUpdate, details: { NewState: state } })
  }

  /** The job has failed: nothing of it goes on. */
  fail(message: string, told: Told): void {
    this.enter('Failed', message, told)
    for (const execution of this.live()) this.stop(execution, { compute: computeStates.Cancelled, message: 'Execution stopped due to job failure' })
  }

  lookAgain(trigger: EvaluationTrigger, dueAt: number): void {
    this.#evaluate.push({ trigger, dueAt })
  }

  wait(reason: string): void {
    this.#waiting = reason
  }

  /** The job's own entries of the history come before those of its executions, as in Bacalhau's. */
  plan(): Plan {
    const { now, limits } = this.input
    const rest = this.#isRest ? [{ trigger: 'exec-limit', dueAt: now + limits.perLookDelayMs } as const] : []
    const order = (change: Change): number => (!('add' in change) ? 0 : change.entry.Type === 'JobLevel' ? 1 : 2)
    return {
      changes: this.#changes.toSorted((a, b) => order(a) - order(b)),
      // Of a job that has ended nothing is looked for, but what is left of it.
      evaluate: this.hasEnded() ? rest : [...this.#evaluate, ...rest],
      ...(this.#waiting === undefined ? {} : { waiting: { reason: this.#waiting } }),
    }
  }

  #patch(
    { ID, Revision }: StoredExecution,
    to: { readonly desired: DesiredStateType; readonly desiredMessage: string; readonly compute: ComputeStateType; readonly computeMessage: string },
  ): void {
    const before = this.#executions.get(ID)
    if (before === undefined) return
    const fields = {
      DesiredState: { StateType: to.desired, Message: to.desiredMessage },
      ComputeState: { StateType: to.compute, Message: to.computeMessage },
      Revision: Revision + 1,
      ModifyTime: nanoseconds(this.input.now),
    }
    this.#executions.set(ID, { ...before, ...fields })
    this.#changes.push({ patch: 'execution', id: ID, fields })
  }

  #tell(told: Told, execution?: StoredExecution): void {
    this.#changes.push(history(execution ?? this.#job, told, this.input.now))
  }
}

/** `n-` and eight digits of an id that Bacalhau or Shoal made; any other name as it is. */
function shortId(id: string): string {
  return /^n-[0-9a-f]{8}-/.test(id) ? id.slice(0, 10) : id
}
