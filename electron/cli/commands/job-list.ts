import type { ListedJob } from '../../client/bacalhau-routes'
import { isUnknownRoute } from '../../client/open-feed'
import { AppError } from '../../../shared/errors'
import { labelRequirements } from '../label-requirements'
import type { OutputFlags } from '../output/format'
import { printRows } from '../output/format'
import { shortId } from '../output/human'
import type { Column } from '../output/table'
import type { Session } from '../session'

export interface JobListFlags extends OutputFlags {
  readonly labels: string
  readonly limit: number
  readonly nextToken?: string
  readonly orderBy?: string
  readonly orderReversed?: boolean
}

/** `shoal job list`, of an orchestrator of Bacalhau: ours keep no jobs in this version. */
export async function listJobs(session: Session, flags: JobListFlags): Promise<void> {
  const query = {
    labels: labelRequirements(flags.labels),
    limit: flags.limit === 0 ? undefined : String(flags.limit),
    next_token: flags.nextToken,
    order_by: flags.orderBy,
    reverse: flags.orderReversed === true ? 'true' : undefined,
  }
  const { value, raw } = await session.withClient(async (client) => {
    try {
      return await client.ask('listJobs', { query })
    } catch (error) {
      if (!isUnknownRoute(error)) throw error
      throw new AppError('job.not-served', `${client.baseUrl} keeps no jobs.`, {
        hint: 'Name an orchestrator of Bacalhau with --api-host and --api-port.',
        cause: error,
      })
    }
  })
  const items = typeof raw === 'object' && raw !== null && 'Items' in raw && Array.isArray(raw.Items) ? raw.Items : []
  await printRows(session.io, flags, columns, value.Items ?? [], items)
  if (value.NextToken !== '') session.io.stderr.write(`There are more jobs: add --next-token ${value.NextToken}\n`)
}

const columns: readonly Column<ListedJob>[] = [
  { head: 'created', value: ({ CreateTime }) => localTime(CreateTime), short: (time) => time.slice(-8) },
  { head: 'id', value: ({ ID }) => ID, short: shortId },
  { head: 'name', value: ({ Name }) => Name, width: 40 },
  { head: 'job', value: ({ Tasks }) => Tasks?.[0]?.Engine?.Type ?? '', width: 40 },
  { head: 'type', value: ({ Type }) => Type, width: 8 },
  { head: 'state', value: ({ State }) => State?.StateType ?? '', width: 20 },
]

/** Nanoseconds since 1970 as `2026-01-02 03:04:05`, in the time zone of this machine. */
function localTime(nanoseconds: number): string {
  const date = new Date(nanoseconds / 1e6)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}
