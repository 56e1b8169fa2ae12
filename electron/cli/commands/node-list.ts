import { labelRequirements } from '../label-requirements'
import type { OutputFlags } from '../output/format'
import { printRows } from '../output/format'
import type { Session } from '../session'
import { columnGroups, isColumnGroup, nodeColumns } from './node-columns'

/** `show`: groups of columns. `filterApproval`, `filterStatus` and `labels` are left to the orchestrator. */
export interface NodeListFlags extends OutputFlags {
  readonly show: readonly string[]
  readonly labels?: string
  readonly filterApproval?: string
  readonly filterStatus?: string
  readonly limit?: number
  readonly nextToken?: string
  readonly orderBy?: string
  readonly orderReversed?: boolean
}

/** `shoal node list` */
export async function listNodes(session: Session, flags: NodeListFlags): Promise<void> {
  const unknown = flags.show.filter((group) => !isColumnGroup(group))
  if (unknown.length > 0) session.io.stderr.write(`There is no column group ${unknown.join(', ')}; there are ${columnGroups.join(', ')}.\n`)
  const query = {
    labels: flags.labels === undefined ? undefined : labelRequirements(flags.labels),
    'filter-approval': flags.filterApproval,
    'filter-status': flags.filterStatus,
    order_by: flags.orderBy,
    reverse: flags.orderReversed === true ? 'true' : undefined,
    limit: flags.limit === undefined ? undefined : String(flags.limit),
    next_token: flags.nextToken,
  }
  const { value, raw } = await session.withClient((client) => client.ask('listNodes', { query }))
  const rawNodes = typeof raw === 'object' && raw !== null && 'Nodes' in raw && Array.isArray(raw.Nodes) ? raw.Nodes : []
  await printRows(session.io, flags, nodeColumns(flags.show.filter(isColumnGroup)), value.Nodes ?? [], rawNodes)
  // On standard error, so that what a program reads stays what it asked for.
  if (value.NextToken !== '') session.io.stderr.write(`There are more nodes: add --next-token ${value.NextToken}\n`)
}
