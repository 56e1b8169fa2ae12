import { isJobsEntry } from '../../electron/orchestrator/jobs/job-record'
import { JobState, type StoredExecution, type Transition } from '../../electron/orchestrator/jobs/job-state'
import { isTerminalExecution } from '../../shared/models/execution-state'
import { computeStates, desiredStates } from '../../shared/models/execution'
import { terminalJobStates, type Job } from '../../shared/models/job'
import { faultsOfHistory } from './history-watch'
import type { Change } from '../../electron/orchestrator/scheduling/plan'

export interface DurableWatchOptions {
  readonly onFault: (fault: string) => void
  readonly note: (text: () => string) => void
  /** Whether the program of an execution really ended well on its node. */
  readonly succeeded: (execution: StoredExecution) => boolean
}

/** Reads every record that becomes durable, and holds it against what must never happen. */
export class DurableWatch {
  /** The fold of all records from the first one on. */
  readonly state = new JobState()
  readonly #options: DurableWatchOptions

  constructor(options: DurableWatchOptions) {
    this.#options = options
  }

  take(record: unknown, sequence: number): void {
    if (!isJobsEntry(record)) return
    for (const fault of faultsOfHistory(record.changes, this.state)) this.#options.onFault(fault)
    for (const change of record.changes) {
      const job = jobAfter(change, this.state)
      const before = job === undefined ? undefined : this.state.job(job.ID)?.versions.get(job.Version)
      const transitions = this.state.apply([change])
      if (job !== undefined) this.#jobChanged(before, job, sequence)
      for (const transition of transitions) this.#executionChanged(transition, sequence)
    }
  }

  #jobChanged(before: Job | undefined, after: Job, sequence: number): void {
    const { onFault, note } = this.#options
    const [from, to] = [before?.State.StateType, after.State.StateType]
    if (from !== to)
      note(
        () =>
          `durable ${String(sequence)}: ${after.Name} (${after.ID} v${String(after.Version)}) ${from ?? 'new'} -> ${to} ${after.State.Message ?? ''}`,
      )
    if (from !== undefined && from !== to && terminalJobStates.has(from))
      onFault(`job ${after.ID} version ${String(after.Version)} went from ${from} to ${to}`)
    if (to !== 'Completed' || from === to || after.Type !== 'batch') return
    const done = new Set(
      this.#executionsOf(after)
        .filter(isCompleted)
        .map(({ PartitionIndex = 0 }) => PartitionIndex),
    )
    if (done.size < after.Count) onFault(`job ${after.ID} is completed with ${String(done.size)} of ${String(after.Count)} partitions`)
  }

  #executionChanged({ previous, current }: Transition, sequence: number): void {
    const { onFault, note, succeeded } = this.#options
    const { ID, JobID, PartitionIndex = 0 } = current
    note(() => `durable ${String(sequence)}: ${told(current)}`)
    if (previous !== undefined && isTerminalExecution(previous)) {
      if (previous.ComputeState.StateType !== current.ComputeState.StateType || previous.DesiredState.StateType !== current.DesiredState.StateType) {
        onFault(`execution ${ID} had ended and changed: ${told(current)}`)
      }
      return
    }
    const job = this.state.job(JobID)?.versions.get(current.JobVersion)
    if (job === undefined) return onFault(`execution ${ID} belongs to no job`)
    if (job.Type !== 'batch' && job.Type !== 'service') {
      if (isCompleted(current) && !succeeded(current)) onFault(`execution ${ID} is completed, but its program did not end well`)
      return
    }
    const rivals = this.#executionsOf(job).filter((other) => other.ID !== ID && (other.PartitionIndex ?? 0) === PartitionIndex)
    if (isCompleted(current)) {
      if (rivals.some(isCompleted)) onFault(`partition ${String(PartitionIndex)} of ${JobID} version ${String(job.Version)} is completed twice`)
      if (!succeeded(current)) onFault(`execution ${ID} is completed, but its program did not end well`)
    }
    if (isLiveRun(current) && rivals.some(isLiveRun)) onFault(`partition ${String(PartitionIndex)} of ${JobID} runs twice`)
  }

  #executionsOf({ ID, Version }: Job): StoredExecution[] {
    return [...(this.state.job(ID)?.executions.values() ?? [])].filter(({ JobVersion }) => JobVersion === Version)
  }
}

const isCompleted = ({ ComputeState }: StoredExecution): boolean => ComputeState.StateType === computeStates.Completed
const isLiveRun = (execution: StoredExecution): boolean =>
  !isTerminalExecution(execution) && execution.DesiredState.StateType === desiredStates.Running

function jobAfter(change: Change, state: JobState): Job | undefined {
  if ('put' in change && change.put === 'job') return change.job
  if (!('patch' in change) || change.patch !== 'job') return undefined
  const before = state.job(change.id)?.versions.get(change.version)
  return before === undefined ? undefined : { ...before, ...change.fields }
}

function told({ ID, JobID, JobVersion, NodeID, PartitionIndex = 0, DesiredState, ComputeState }: StoredExecution): string {
  const desired = nameOf(desiredStates, DesiredState.StateType)
  const compute = nameOf(computeStates, ComputeState.StateType)
  return `${ID} of ${JobID} v${String(JobVersion)} part ${String(PartitionIndex)} on ${NodeID}: ${desired}/${compute} ${ComputeState.Message ?? ''}`
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(names).find(([, each]) => each === value)?.[0] ?? String(value)
}
