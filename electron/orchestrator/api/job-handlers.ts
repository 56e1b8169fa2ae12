import type { HandlersFor } from '../../http/route-handlers'
import type { Logger } from '../../log/logger'
import { jobLogHandlers } from './job-log-handlers'
import { jobReadHandlers } from './job-read-handlers'
import type { JobReadRoute } from './job-read-handlers'
import type { JobSide } from '../job-side'
import { jobWriteHandlers } from './job-write-handlers'
import type { JobWriteRoute } from './job-write-handlers'
import type { SpecReader } from '../jobs/read-spec'
import type { Clock } from '../ports'

/** The routes of jobs. */
export type JobRoute = JobReadRoute | JobWriteRoute | 'jobLogs'

interface JobHandlersOptions {
  readonly jobs: JobSide
  readonly nodeId: string
  readonly defaults: SpecReader['defaults']
  readonly newId: SpecReader['newId']
  readonly clock: Clock
  readonly log: Logger
}

/** All routes of jobs. */
export function jobHandlers({ jobs, nodeId, defaults, newId, clock, log }: JobHandlersOptions): HandlersFor<JobRoute> {
  const { core, books, logs } = jobs
  const state = () => core.state
  return {
    ...jobReadHandlers(core),
    ...jobWriteHandlers({ core, books, clock, reader: { nodeId, defaults, newId } }),
    ...jobLogHandlers({ state, standing: (id) => books.standing(id), consumer: logs, log }),
  }
}
