import type { Client } from '../../client/http-client'
import { AppError } from '../../../shared/errors'
import type { CliIo } from '../io'
import { UNKNOWN_JOB_HINT } from './with-jobs'

interface LogRequest {
  readonly id: string
  readonly namespace?: string
  readonly executionId?: string
  readonly version?: number
  readonly follow?: boolean
  /** Only what is written from now on. */
  readonly tail?: boolean
}

/**
 * Writes what an execution writes, both of its streams, to standard output, until it ends or `signal` is aborted. Rejects with `job.no-logs` when the server
 * tells an error in the stream.
 */
export async function streamLogs(client: Client, io: CliIo, request: LogRequest, signal: AbortSignal): Promise<void> {
  const { id, namespace, executionId, version, follow, tail } = request
  const query = {
    namespace,
    execution_id: executionId,
    job_version: version === undefined ? undefined : String(version),
    follow: follow === true ? 'true' : undefined,
    tail: tail === true ? 'true' : undefined,
  }
  try {
    for await (const { error, value } of await client.openFrames('jobLogs', { params: { id }, query, signal })) {
      if (error !== undefined && error !== '') throw new AppError('job.no-logs', `error reading log output: ${error}`, { hint: hintFor(error, id) })
      io.stdout.write(value.Line)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function hintFor(error: string, id: string): string {
  return /job not found/.test(error) ? UNKNOWN_JOB_HINT : `Run \`shoal job describe ${id}\` to see its executions.`
}
