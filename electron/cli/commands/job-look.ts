import { followHistory } from '../jobs/follow-history'
import { rawItems } from '../jobs/job-answers'
import type { ShownHistory } from '../jobs/job-answers'
import { executionColumns, followedHistoryColumns, historyColumns, versionColumns } from '../jobs/job-columns'
import { streamLogs } from '../jobs/stream-logs'
import { withJobs } from '../jobs/with-jobs'
import { untilInterrupted } from '../interrupt'
import type { OutputFlags } from '../output/format'
import { printObject, printRows } from '../output/format'
import { renderTable } from '../output/table'
import type { Session } from '../session'

interface VersionedFlags {
  readonly namespace?: string
  readonly version?: number
  readonly allVersions?: boolean
}

interface ListFlags extends OutputFlags, VersionedFlags {
  readonly limit?: number
  readonly nextToken?: string
  readonly orderBy?: string
  readonly orderReversed?: boolean
}

const versioned = ({ namespace, version, allVersions }: VersionedFlags) => ({
  namespace,
  job_version: version === undefined ? undefined : String(version),
  all_job_versions: allVersions === true ? 'true' : undefined,
})

/** The API passes over any other. */
const executionOrders = new Set(['', 'created_at', 'create_time', 'modified_at', 'modify_time'])

/** `shoal job executions ID` */
export async function listExecutions(session: Session, id: string, flags: ListFlags): Promise<void> {
  if (!executionOrders.has(flags.orderBy ?? ''))
    session.io.stderr.write(`Warning: executions are not ordered by ${JSON.stringify(flags.orderBy)}; there are created_at and modified_at.\n`)
  const query = {
    ...versioned(flags),
    limit: flags.limit === undefined || flags.limit === 0 ? undefined : String(flags.limit),
    next_token: flags.nextToken,
    order_by: flags.orderBy,
    reverse: flags.orderReversed === true ? 'true' : undefined,
  }
  const { value, raw } = await withJobs(session, (client) => client.ask('jobExecutions', { params: { id }, query }))
  await printRows(session.io, flags, executionColumns, value.Items ?? [], rawItems(raw))
}

/** `shoal job versions ID` */
export async function listVersions(session: Session, id: string, flags: OutputFlags & { readonly namespace?: string }): Promise<void> {
  const { value, raw } = await withJobs(session, (client) => client.ask('jobVersions', { params: { id }, query: { namespace: flags.namespace } }))
  await printRows(session.io, flags, versionColumns, value.Items ?? [], rawItems(raw))
}

/** `eventType`: `all`, `job` or `execution`. */
export interface HistoryFlags extends ListFlags {
  readonly eventType: string
  readonly executionId?: string
  readonly follow?: boolean
}

/** Entries of one answer where no limit is told. */
const FULL_PAGE = 100

/** `shoal job history ID`: all there is, or so much as `limit` says; with `follow` also what is still to come. */
export async function showHistory(session: Session, id: string, flags: HistoryFlags): Promise<void> {
  if (flags.follow === true) return followAll(session, id, flags)
  const items: ShownHistory[] = []
  const data: unknown[] = []
  let token = flags.nextToken
  for (;;) {
    const query = {
      ...versioned(flags),
      event_type: flags.eventType,
      execution_id: flags.executionId,
      limit: flags.limit === undefined || flags.limit === 0 ? undefined : String(flags.limit),
      next_token: token,
    }
    const { value, raw } = await withJobs(session, (client) => client.ask('jobHistory', { params: { id }, query }))
    items.push(...(value.Items ?? []))
    data.push(...rawItems(raw))
    token = value.NextToken
    if (token === '' || query.limit !== undefined || (value.Items ?? []).length < FULL_PAGE) break
  }
  await printRows(session.io, flags, historyColumns, items, data)
  if (token !== '' && items.length === flags.limit) session.io.stderr.write(`There may be more events: add --next-token ${token}\n`)
}

async function followAll(session: Session, id: string, flags: HistoryFlags): Promise<void> {
  const { namespace, version, eventType, executionId, allVersions, nextToken } = flags
  const given = { namespace, version, executionId, allVersions, nextToken }
  const wanted = { id, eventType, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
  let isFirst = flags.hideHeader !== true
  await untilInterrupted((signal) =>
    withJobs(session, async (client) => {
      for await (const { entry, raw } of followHistory(client, wanted, signal)) {
        if (flags.output === 'table') {
          const options = { wide: flags.wide === true, hideHeader: !isFirst, head: (text: string) => text }
          session.io.stdout.write(renderTable(followedHistoryColumns, [entry], options))
        } else if (flags.output === 'csv') await printRows(session.io, { ...flags, hideHeader: !isFirst }, historyColumns, [entry], raw)
        else await printObject(session.io, flags, flags.output === 'yaml' ? [raw] : raw)
        isFirst = false
      }
    }),
  )
}

/** `tail`: only what is written from now on. Without `executionId` the orchestrator chooses the execution. */
export interface LogFlags {
  readonly namespace?: string
  readonly executionId?: string
  readonly version?: number
  readonly follow?: boolean
  readonly tail?: boolean
}

/** `shoal job logs ID` */
export async function showLogs(session: Session, id: string, flags: LogFlags): Promise<void> {
  await untilInterrupted((signal) => withJobs(session, (client) => streamLogs(client, session.io, { id, ...flags }, signal)))
}
