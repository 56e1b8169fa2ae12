import type { Execution } from '../../../shared/models/execution'
import type { Job } from '../../../shared/models/job'
import { topics } from '../../../shared/models/job-history'
import { pendingMessage } from '../jobs/job-changes'
import type { JobRecord, StoredExecution } from '../jobs/job-state'

/** What `GET /jobs/:id/executions` was asked. */
interface ExecutionsQuery {
  readonly namespace: string
  readonly limit: number
  readonly orderBy: string
  readonly reverse: boolean
  /** 0: the latest one. */
  readonly version: number
  readonly allVersions: boolean
}

/** Executions of a job with the job as it was scheduled; in an order that nobody knows they come as they were made. */
export function listExecutions(record: JobRecord, query: ExecutionsQuery): Execution[] {
  const version = query.version || (query.allVersions ? 0 : record.latest.Version)
  const fitting = [...record.executions.values()].filter(
    ({ JobVersion, Namespace }) => (version === 0 || JobVersion === version) && (query.namespace === '' || Namespace === query.namespace),
  )
  const compare = orders.get(query.orderBy)
  if (compare !== undefined) fitting.sort((a, b) => (query.reverse ? -compare(a, b) : compare(a, b)))
  return (query.limit === 0 ? fitting : fitting.slice(0, query.limit)).map((execution) => withJob(record, execution))
}

const byCreation = (a: StoredExecution, b: StoredExecution): number => a.CreateTime - b.CreateTime
const byChange = (a: StoredExecution, b: StoredExecution): number => a.ModifyTime - b.ModifyTime
const orders = new Map([
  ['', byCreation],
  ['created_at', byCreation],
  ['create_time', byCreation],
  ['modified_at', byChange],
  ['modify_time', byChange],
])

/** The execution as the API shows it: keys in Bacalhau's order, the job as it was when the execution was made. */
function withJob(record: JobRecord, execution: StoredExecution): Execution {
  const job = asScheduled(record, execution.JobVersion)
  const { ID, Namespace, EvalID, Name, NodeID, JobID, PartitionIndex = 0, ...rest } = execution
  const { Revision, CreateTime, ModifyTime, ...middle } = rest
  return {
    ID,
    Namespace,
    EvalID,
    Name,
    NodeID,
    JobID,
    ...(job === undefined ? {} : { Job: job }),
    ...middle,
    ...(PartitionIndex === 0 ? {} : { PartitionIndex }),
    Revision,
    CreateTime,
    ModifyTime,
  }
}

/** A version of a job as it was when it was made: its state says how that came about, its revision follows that of the version before. */
function asScheduled({ versions, history }: JobRecord, version: number): Job | undefined {
  const job = versions.get(version)
  if (job === undefined) return undefined
  const first = version === 1 ? undefined : history.find(({ JobVersion, Event }) => JobVersion === version && Event.Topic === topics.submission)
  const message = first === undefined ? undefined : pendingMessage(first.Event.Message)
  const before = versions.get(version - 1)
  return {
    ...job,
    State: { StateType: 'Pending', ...(message === undefined ? {} : { Message: message }) },
    Revision: before === undefined ? 1 : before.Revision + 1,
  }
}
