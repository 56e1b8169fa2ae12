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

export function bodyOf({ versions, executions, history, lastSeq }: JobRecord): JobBody {
  return { versions: [...versions.values()], executions: [...executions.values()], history, lastSeq }
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

export function rowOf({ latest }: JobRecord): Omit<ArchiveRow, 'segment' | 'offset' | 'length'> {
  const { ID, Name, Namespace, State, Labels, CreateTime, ModifyTime } = latest
  return {
    id: ID,
    name: Name,
    namespace: Namespace,
    state: State.StateType,
    ...(Object.keys(Labels).length === 0 ? {} : { labels: Labels }),
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

/** Reads archived jobs, and keeps those that were asked for last. */
export function createLoader(read: (row: ArchiveRow) => string, kept = 200): (row: ArchiveRow) => JobRecord {
  const recent = new Map<string, { readonly row: ArchiveRow; readonly record: JobRecord }>()
  return (row) => {
    const found = recent.get(row.id)
    if (found?.row === row) return found.record
    const record = recordOf(JSON.parse(read(row)) as JobBody)
    recent.delete(row.id)
    recent.set(row.id, { row, record })
    const [oldest] = recent.keys()
    if (recent.size > kept && oldest !== undefined) recent.delete(oldest)
    return record
  }
}
