import type { Evaluation } from '../../../shared/models/evaluation'
import type { Execution } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import type { Job } from '../../../shared/models/job'
import { terminalJobStates } from '../../../shared/models/job'
import type { JobHistory } from '../../../shared/models/job-history'
import type { Change, DeadLetter } from '../scheduling/plan'

/** A stored execution: without its job, which `JobVersion` names. */
export type StoredExecution = Omit<Execution, 'Job'>

/** What is known of a job without looking into it. */
export type JobHead = Pick<Job, 'Name' | 'Namespace' | 'Labels' | 'State' | 'CreateTime' | 'ModifyTime'>

/** Everything that is known of one job. */
export interface JobRecord {
  readonly id: string
  readonly head: JobHead
  /** The job as it is now: the highest of its versions. */
  readonly latest: Job
  readonly versions: ReadonlyMap<number, Job>
  /** In the order in which they were made. */
  readonly executions: ReadonlyMap<string, StoredExecution>
  readonly history: readonly JobHistory[]
  /** Number of the newest entry of the history. */
  readonly lastSeq: number
}

/** All that is known of jobs, for those who only read it. */
export interface ReadonlyJobState {
  /** All jobs, the oldest first. */
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly evaluations: ReadonlyMap<string, Evaluation>
  readonly deadLetters: ReadonlyMap<string, DeadLetter>
  job(id: string): JobRecord | undefined
  byName(namespace: string, name: string): readonly string[]
  /** An execution, unless its job is archived. */
  execution(id: string): StoredExecution | undefined
  /** Executions on a node that have not ended. */
  liveOn(nodeId: string): Iterable<StoredExecution>
  /** All executions that were ever given to a node, of jobs that are not archived. */
  executionsOn(nodeId: string): Iterable<StoredExecution>
  /** Ids of jobs that have not ended. */
  readonly open: ReadonlySet<string>
  /** Ids of jobs that have ended and are not archived, in the order in which they ended. */
  readonly ended: ReadonlySet<string>
}

/** An execution before and after a change. */
export interface Transition {
  readonly previous: StoredExecution | undefined
  readonly current: StoredExecution
}

interface LiveRecord extends JobRecord {
  head: JobHead
  latest: Job
  readonly versions: Map<number, Job>
  readonly executions: Map<string, StoredExecution>
  readonly history: JobHistory[]
  lastSeq: number
}

const nameKey = (namespace: string, name: string): string => `${namespace}\0${name}`

/** Adds to a set in a map of sets, or takes out of it; no set stays empty. */
function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key)
  if (set === undefined) map.set(key, new Set([value]))
  else set.add(value)
}
function takeFrom(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key)
  set?.delete(value)
  if (set?.size === 0) map.delete(key)
}

/** The fold of all changes of jobs; `apply` is the only way in. The same changes in the same order always give the same state. */
export class JobState implements ReadonlyJobState {
  readonly jobs = new Map<string, JobRecord>()
  readonly evaluations = new Map<string, Evaluation>()
  readonly deadLetters = new Map<string, DeadLetter>()
  readonly open = new Set<string>()
  readonly ended = new Set<string>()
  /** Jobs that left the archive since the last checkpoint: changed again, or deleted. */
  readonly thawed = new Set<string>()
  /** Called with a whole record before it changes or is dropped. */
  beforeChange: ((record: JobRecord) => void) | undefined
  readonly #live = new Map<string, LiveRecord>()
  /** Jobs by name. Those that are named after their own id are left out: most are, and `jobs` finds them. */
  readonly #names = new Map<string, Set<string>>()
  readonly #executionJob = new Map<string, string>()
  readonly #onNode = new Map<string, Set<string>>()
  readonly #liveOn = new Map<string, Set<string>>()

  job(id: string): JobRecord | undefined {
    return this.jobs.get(id)
  }

  byName(namespace: string, name: string): readonly string[] {
    const others = this.#names.get(nameKey(namespace, name)) ?? []
    const own = this.jobs.get(name)?.head
    return own?.Name === name && own.Namespace === namespace ? [name, ...others] : [...others]
  }

  execution(id: string): StoredExecution | undefined {
    return this.#live.get(this.#executionJob.get(id) ?? '')?.executions.get(id)
  }

  liveOn(nodeId: string): Iterable<StoredExecution> {
    return this.#executions(this.#liveOn.get(nodeId))
  }

  executionsOn(nodeId: string): Iterable<StoredExecution> {
    return this.#executions(this.#onNode.get(nodeId))
  }

  /** Takes changes in, in order; returns what they did to executions. Changes of what is not known (any more) have no effect. */
  apply(changes: readonly Change[]): Transition[] {
    return changes.flatMap((change) => this.#applyOne(change) ?? [])
  }

  /** Puts an archived record in the place of a whole one, or makes it known. */
  archive(record: JobRecord): void {
    const live = this.#live.get(record.id)
    if (live !== undefined) this.#forgetExecutions(live)
    else this.#noteName(record)
    this.#live.delete(record.id)
    this.ended.delete(record.id)
    this.thawed.delete(record.id)
    this.jobs.set(record.id, record)
  }

  /** Takes a whole record in, as a checkpoint has it. */
  restore({ id, latest, versions, executions, history, lastSeq }: JobRecord): void {
    const live: LiveRecord = { id, head: latest, latest, versions: new Map(versions), executions: new Map(), history: [...history], lastSeq }
    if (!this.jobs.has(id)) this.#noteName(live)
    this.jobs.set(id, live)
    this.#live.set(id, live)
    this.#sortIn(live)
    for (const execution of executions.values()) this.#putExecution(execution)
  }

  /** Puts all jobs into the order of their creation, after they have been read from several places. */
  sort(): void {
    const sorted = [...this.jobs].sort(([, a], [, b]) => a.head.CreateTime - b.head.CreateTime)
    this.jobs.clear()
    for (const [id, record] of sorted) this.jobs.set(id, record)
  }

  *#executions(ids: ReadonlySet<string> = new Set()): Iterable<StoredExecution> {
    for (const id of ids) {
      const execution = this.execution(id)
      if (execution !== undefined) yield execution
    }
  }

  #applyOne(change: Change): Transition | undefined {
    if ('put' in change) {
      if (change.put === 'job') this.#putJob(change.job)
      else if (change.put === 'execution') return this.#putExecution(change.execution)
      else if (change.put === 'evaluation') this.evaluations.set(change.evaluation.id, change.evaluation)
      else this.deadLetters.set(change.deadLetter.jobId, change.deadLetter)
    } else if ('patch' in change) {
      if (change.patch === 'execution') {
        const before = this.execution(change.id)
        return before === undefined ? undefined : this.#putExecution({ ...before, ...change.fields })
      }
      const job = this.#whole(change.id)?.versions.get(change.version)
      if (job !== undefined) this.#putJob({ ...job, ...change.fields })
    } else if ('add' in change) {
      const record = this.#whole(change.jobId)
      if (record !== undefined) record.history.push({ SeqNum: ++record.lastSeq, ...change.entry })
    } else if (change.drop === 'evaluation') this.evaluations.delete(change.id)
    else this.#dropJob(change.id)
    return undefined
  }

  /** The record to be changed: one that is archived comes back to life. */
  #whole(id: string): LiveRecord | undefined {
    const live = this.#live.get(id)
    if (live !== undefined) {
      this.beforeChange?.(live)
      return live
    }
    const archived = this.jobs.get(id)
    if (archived === undefined) return undefined
    this.restore(archived)
    this.thawed.add(id)
    return this.#live.get(id)
  }

  #putJob(job: Job): void {
    let record = this.#whole(job.ID)
    if (record === undefined) {
      record = { id: job.ID, head: job, latest: job, versions: new Map(), executions: new Map(), history: [], lastSeq: 0 }
      this.jobs.set(job.ID, record)
      this.#live.set(job.ID, record)
      this.#noteName(record)
    }
    record.versions.set(job.Version, job)
    if (job.Version >= record.latest.Version) record.head = record.latest = job
    this.#sortIn(record)
  }

  #noteName({ id, head: { Name, Namespace } }: JobRecord): void {
    if (Name !== id) addTo(this.#names, nameKey(Namespace, Name), id)
  }

  #sortIn({ id, latest }: JobRecord): void {
    const [into, outOf] = terminalJobStates.has(latest.State.StateType) ? [this.ended, this.open] : [this.open, this.ended]
    outOf.delete(id)
    into.add(id)
  }

  #putExecution(execution: StoredExecution): Transition | undefined {
    const { ID, JobID, NodeID } = execution
    const record = this.#whole(JobID)
    if (record === undefined) return undefined
    const previous = record.executions.get(ID)
    record.executions.set(ID, execution)
    if (previous === undefined) {
      this.#executionJob.set(ID, JobID)
      addTo(this.#onNode, NodeID, ID)
    }
    if (isTerminalExecution(execution)) takeFrom(this.#liveOn, NodeID, ID)
    else addTo(this.#liveOn, NodeID, ID)
    return { previous, current: execution }
  }

  #dropJob(id: string): void {
    const record = this.jobs.get(id)
    if (record === undefined) return
    const live = this.#live.get(id)
    if (live === undefined) this.thawed.add(id)
    else {
      this.beforeChange?.(live)
      this.#forgetExecutions(live)
    }
    this.jobs.delete(id)
    this.#live.delete(id)
    this.open.delete(id)
    this.ended.delete(id)
    this.deadLetters.delete(id)
    const { Name, Namespace } = record.head
    if (Name !== id) takeFrom(this.#names, nameKey(Namespace, Name), id)
  }

  #forgetExecutions({ executions }: JobRecord): void {
    for (const { ID, NodeID } of executions.values()) {
      this.#executionJob.delete(ID)
      takeFrom(this.#onNode, NodeID, ID)
      takeFrom(this.#liveOn, NodeID, ID)
    }
  }
}
