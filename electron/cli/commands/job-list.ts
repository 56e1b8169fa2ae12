import { labelRequirements } from '../label-requirements'
import { jobColumns } from '../jobs/job-columns'
import { rawItems } from '../jobs/job-answers'
import { withJobs } from '../jobs/with-jobs'
import type { OutputFlags } from '../output/format'
import { printRows } from '../output/format'
import type { Session } from '../session'

/** `labels`: requirements as Kubernetes writes them, empty for none. `limit`: 0 for all. */
export interface JobListFlags extends OutputFlags {
  readonly labels: string
  readonly limit: number
  readonly nextToken?: string
  readonly orderBy?: string
  readonly orderReversed?: boolean
}

/** `shoal job list` */
export async function listJobs(session: Session, flags: JobListFlags): Promise<void> {
  const query = {
    labels: labelRequirements(flags.labels),
    limit: flags.limit === 0 ? undefined : String(flags.limit),
    next_token: flags.nextToken,
    order_by: flags.orderBy,
    reverse: flags.orderReversed === true ? 'true' : undefined,
  }
  const { value, raw } = await withJobs(session, (client) => client.ask('jobs', { query }))
  await printRows(session.io, flags, jobColumns, value.Items ?? [], rawItems(raw))
  // On standard error, so that what a program reads stays what it asked for.
  if (value.NextToken !== '') session.io.stderr.write(`There are more jobs: add --next-token ${value.NextToken}\n`)
}
