import type { Logger } from '../log/logger'
import type { NatsLink } from '../transport/link'
import type { ExecutionsLoader } from './executions-loader'
import type { LogStreamServer } from './logs/log-stream-server'

interface ServeLogsOptions {
  readonly nodeId: string
  readonly executions: ExecutionsLoader
  readonly log: Logger
}

/** Hands out logs on a link. What does it is loaded after the link is there: nobody asks for a log before an execution is known. */
export function listenForLogs(link: NatsLink, { nodeId, executions, log }: ServeLogsOptions): { stop(): void } {
  let stopped = false
  let server: LogStreamServer | undefined
  const findLog = async (executionId: string) => (executions.loading ? await executions.get() : undefined)?.findLog(executionId)
  import('./logs/log-stream-server').then(
    ({ serveLogStreams }) => {
      if (!stopped) server = serveLogStreams({ link, nodeId, findLog, log })
    },
    (error: unknown) => log.error('Logs of executions cannot be handed out.', { error }),
  )
  return {
    stop: () => {
      stopped = true
      void server?.close()
    },
  }
}
