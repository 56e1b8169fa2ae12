import type { Client } from '../../client/http-client'
import { AppError } from '../../../shared/errors'
import type { Session } from '../session'

/** What helps somebody who has named a job that there is not. */
export const UNKNOWN_JOB_HINT =
  'Run `shoal job list` to see all jobs. A job of another namespace than default is found by its id, or with --namespace.'

/** As `session.withClient`; a node that keeps no jobs is told as such, and where jobs are found. */
export function withJobs<Value>(session: Session, use: (client: Client) => Promise<Value>): Promise<Value> {
  return session.withClient(async (client) => {
    try {
      return await use(client)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (isUnknownJob(error)) throw new AppError(error.code, error.message, { hint: UNKNOWN_JOB_HINT, details: error.details ?? {}, cause: error })
      if (!isUnknownRoute(error)) throw error
      throw new AppError('job.not-served', `${client.baseUrl} keeps no jobs, or does not know this command.`, {
        hint: 'Name an orchestrator with --api-host and --api-port. `delete` and `preview` need one of Shoal.',
        cause: error,
      })
    }
  })
}

/** A 404 for the path itself, in Bacalhau's words or in those of a proxy: one for a job names what was not found. */
function isUnknownRoute({ code, message, details }: AppError): boolean {
  return details?.['status'] === '404' && (code === 'client.unexpected-answer' || /resource\/URL was not found/.test(message))
}

function isUnknownJob({ message, hint, details }: AppError): boolean {
  return hint === undefined && details?.['status'] === '404' && message.startsWith('job not found')
}
