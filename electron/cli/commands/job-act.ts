import { AppError } from '../../../shared/errors'
import { isEnded } from '../jobs/job-answers'
import { withJobs } from '../jobs/with-jobs'
import type { Session } from '../session'

interface JobActFlags {
  readonly namespace?: string
}

const REASON = 'Stopped at user request'

/** `shoal job stop ID` */
export async function stopJob(session: Session, id: string, flags: JobActFlags & { readonly quiet?: boolean }): Promise<void> {
  const query = { namespace: flags.namespace }
  const evaluation = await withJobs(session, async (client) => {
    const { Job } = await client.call('job', { params: { id }, query })
    if (isEnded(Job))
      throw new AppError('job.ended', `Job is already in a terminal state. The current state is: ${Job.State?.StateType ?? ''}`, {
        hint: `There is nothing to stop. Run it again with \`shoal job rerun ${id}\`.`,
      })
    return (await client.call('stopJob', { params: { id }, query, body: { reason: REASON } })).EvaluationID
  })
  if (flags.quiet !== true) session.io.stdout.write(`Job stop successfully submitted with evaluation ID: ${evaluation}\n`)
}

/** `shoal job delete ID`, which Bacalhau does not have. */
export async function deleteJob(session: Session, id: string, flags: JobActFlags): Promise<void> {
  const { JobID } = await withJobs(session, (client) => client.call('deleteJob', { params: { id }, query: { namespace: flags.namespace } }))
  session.io.stdout.write(`Job ${JobID} and its history are deleted.\n`)
}
