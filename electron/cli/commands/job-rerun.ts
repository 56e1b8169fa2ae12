import type { SubmitFlags } from '../jobs/submit-job'
import { watchJob } from '../jobs/watch-job'
import { withJobs } from '../jobs/with-jobs'
import type { Session } from '../session'

/** `version`: of the job to run once more, its latest when left out. */
export interface JobRerunFlags extends SubmitFlags {
  readonly version?: number
  readonly namespace?: string
}

/** `shoal job rerun ID` */
export async function rerunJob(session: Session, id: string, flags: JobRerunFlags): Promise<void> {
  await withJobs(session, async (client) => {
    // Asked first: an unknown job must not be run again on orchestrators of Bacalhau, whose store stays locked after that.
    const { Job } = await client.call('job', { params: { id }, query: { namespace: flags.namespace } })
    const body = { JobVersion: flags.version ?? 0, Reason: '', Namespace: flags.namespace ?? '' }
    const { JobID, JobVersion } = await client.call('rerunJob', { params: { id }, body })
    await watchJob(client, session.io, { id: JobID, type: Job.Type, version: JobVersion }, flags)
  })
}
