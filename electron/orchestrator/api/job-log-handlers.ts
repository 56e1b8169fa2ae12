import { AppError } from '../../../shared/errors'
import type { Logger } from '../../log/logger'
import type { HandlersFor } from '../../http/route-handlers'
import { findJob } from '../queries/find-job'
import type { ReadonlyJobState } from '../jobs/job-state'
import type { Standing } from '../jobs/node-standing'
import { chooseExecution } from '../logs/choose-execution'
import { errorFrame, relayLogs } from '../logs/log-session'
import type { StreamConsumer } from '../logs/stream-consumer'

interface JobLogHandlersOptions {
  readonly state: () => ReadonlyJobState
  readonly standing: (nodeId: string) => Standing
  readonly consumer: StreamConsumer
  readonly log: Logger
}

/** Output of executions, asked of their nodes. Everything that goes wrong is a frame: the connection is open before the job is looked at. */
export function jobLogHandlers({ state, standing, consumer, log }: JobLogHandlersOptions): HandlersFor<'jobLogs'> {
  return {
    jobLogs: async ({ params, query }, socket) => {
      try {
        const record = findJob(state(), params.id, query.namespace)
        const { ID, NodeID } = chooseExecution(record, { execution: query.execution_id ?? '', version: query.job_version })
        if (standing(NodeID) !== 'connected')
          throw new AppError('NotFound', `node ${NodeID}, which has the logs of execution ${ID}, is not connected`)
        await relayLogs(consumer, { ExecutionID: ID, NodeID, Tail: query.tail, Follow: query.follow }, socket)
      } catch (error) {
        if (!(error instanceof AppError)) log.error('A log stream failed on a fault of ours', { job: params.id, error })
        await socket.send(errorFrame(error instanceof AppError ? error.message : 'Internal server error'))
      }
    },
  }
}
