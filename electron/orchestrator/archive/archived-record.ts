import type { Job } from '../../../shared/models/job'
import type { JobHistory } from '../../../shared/models/job-history'
import type { JobHead, JobRecord, StoredExecution } from '../jobs/job-state'
import type { ArchiveRow } from './job-archive'

/** A job as it lies in the archive and in checkpoints. */
export interface JobBody {
  readonly versions: readonly Job[]
  readonly executions: readonly StoredExecution[]
  readonly history: readonly JobHistory[]
  readonly lastSeq: number
}

/** A job as it is now: what happens to the record later does not change it. */
export function bodyOf({ versions, executions, history, lastSeq }: JobRecord): JobBody {
  return { versions: [...versions.values()], executions: [...executions.values()], history: [...history], lastSeq }
}

/** A whole record made of a body. */
export function recordOf({ versions, executions, history, lastSeq }: JobBody): JobRecord {
  const [first] = versions
  if (first === undefined) throw new Error('A stored job has no version')
  const latest = versions.reduce((best, job) => (job.Version >= best.Version ? job : best), first)
  return {
    id: latest.ID,
    head: latest,
    latest,
    versions: new Map(versions.map((job) => [job.Version, job])),
    executions: new Map(executions.map((execution) => [execution.ID, execution])),
    history: [...history],
    lastSeq,
  }
}

/** What the index keeps of a job; where its body lies is added by the archive. */
export function rowOf({ latest }: JobRecord): Omit<ArchiveRow, 'segment' | 'offset' | 'length'> {
  const { ID, Name, Namespace, State, Labels, CreateTime, ModifyTime } = latest
  return {
    id: ID,
    name: Name,
    namespace: Namespace,
    state: State.StateType,
    labels: Object.keys(Labels).length === 0 ? undefined : Labels,
    created: CreateTime,
    modified: ModifyTime,
  }
}

const noLabels = {}

/** An archived job: its row is here, all the rest is read when somebody asks for it. */
export class ArchivedRecord implements JobRecord {
  readonly row: ArchiveRow
  readonly #load: (row: ArchiveRow) => JobRecord

  constructor(row: ArchiveRow, load: (row: ArchiveRow) => JobRecord) {
    this.row = row
    this.#load = load
  }

  get id(): string {
    return this.row.id
  }
  get head(): JobHead {
    const { row } = this
    return {
      Name: row.name,
      Namespace: row.namespace,
      Labels: row.labels ?? noLabels,
      State: { StateType: row.state },
      CreateTime: row.created,
      ModifyTime: row.modified,
    }
  }
  get latest(): Job {
    return this.#load(this.row).latest
  }
  get versions(): ReadonlyMap<number, Job> {
    return this.#load(this.row).versions
  }
  get executions(): ReadonlyMap<string, StoredExecution> {
    return this.#load(this.row).executions
  }
  get history(): readonly JobHistory[] {
    return this.#load(this.row).history
  }
  get lastSeq(): number {
    return this.#load(this.row).lastSeq
  }
}

/** Gives archived jobs whole. */
export interface RecordLoader {
  /** Read from the archive, unless it is still in memory. */
  readonly load: (row: ArchiveRow) => JobRecord
  /** Keeps the newest of those that are archived in memory: they are asked for most. */
  readonly keep: (row: ArchiveRow, record: JobRecord) => void
}

/** So many that were read stay in memory, for whoever asked has more questions. */
const keptRead = 200

/** @param keptNewest how many of those that were archived last stay in memory */
export function createLoader(read: (row: ArchiveRow) => string, keptNewest = 0): RecordLoader {
  const newest = new Map<string, Loaded>()
  const asked = new Map<string, Loaded>()
  return {
    load: (row) => {
      const found = [newest.get(row.id), asked.get(row.id)].find((loaded) => loaded?.row === row)
      if (found !== undefined) return found.record
      const record = recordOf(JSON.parse(read(row)) as JobBody)
      putNewest(asked, { row, record }, keptRead)
      return record
    },
    keep: (row, record) => putNewest(newest, { row, record }, keptNewest),
  }
}

interface Loaded {
  readonly row: ArchiveRow
  readonly record: JobRecord
}

function putNewest(kept: Map<string, Loaded>, loaded: Loaded, most: number): void {
  const { id } = loaded.row
  kept.delete(id)
  kept.set(id, loaded)
  const [oldest] = kept.keys()
  if (kept.size > most && oldest !== undefined) kept.delete(oldest)
}
