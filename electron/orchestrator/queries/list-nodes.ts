import { matchesLabels } from '../../../shared/label-selector'
import type { NodeState } from '../../../shared/models/node'
import type { Resources } from '../../../shared/models/resources'
import { ApiError, malformed } from '../../http/reply/api-error'
import { notFound } from '../membership/node-membership'
import { readSelector } from './read-selector'

/** What `GET /orchestrator/nodes` was asked. */
export interface NodeQuery {
  /** Kubernetes label selectors; all of them must hold. */
  readonly labels?: string | readonly string[]
  readonly approval?: string
  readonly status?: string
  readonly orderBy?: string
  readonly reverse: boolean
  /** 0: no limit. */
  readonly limit: number
}

type Comparison = (a: NodeState, b: NodeState) => number

/** Nodes that fit a query, in its order; equal ones by id. Filters with words that nobody knows fit no node, as in Bacalhau. @throws ApiError 400 */
export function queryNodes(nodes: readonly NodeState[], query: NodeQuery): NodeState[] {
  const compare = comparisons.get(query.orderBy ?? '')
  if (compare === undefined) throw malformed('invalid order_by')
  const selector = readSelector(query.labels)
  const approval = query.approval?.toUpperCase() ?? ''
  const status = query.status?.toUpperCase() ?? ''
  const fitting = nodes.filter(
    (node) =>
      (approval === '' || node.Membership === approval) &&
      (status === '' || node.Connection === status) &&
      (selector.length === 0 || matchesLabels(selector, node.Info.Labels ?? {})),
  )
  fitting.sort((a, b) => (query.reverse ? -compare(a, b) : compare(a, b)) || byId(a, b))
  return query.limit > 0 ? fitting.slice(0, query.limit) : fitting
}

/**
 * The one node whose id begins with `prefix`; a whole id wins over longer ones that begin with it.
 * @throws ApiError `NotFound`, `MultipleNodesFound`
 */
export function findByPrefix(ids: readonly string[], prefix: string): string {
  if (ids.includes(prefix)) return prefix
  const matching = ids.filter((id) => id.startsWith(prefix)).sort()
  const [only] = matching
  if (only === undefined) throw notFound(prefix)
  if (matching.length === 1) return only
  const shown = matching.slice(0, 3).join(' ')
  throw new ApiError(
    'MultipleNodesFound',
    `multiple nodes found for prefix: ${prefix}, matching IDs: [${shown}${matching.length > 3 ? ' ...' : ''}]`,
    {
      component: 'NodesManager',
      hint: 'Use a more specific node ID prefix',
    },
  )
}

const byId: Comparison = (a, b) => compareText(a.Info.NodeID, b.Info.NodeID)
const byMembership: Comparison = (a, b) => compareText(a.Membership, b.Membership)

/** The most available first. */
function byAvailable(key: 'CPU' | 'Memory' | 'Disk' | 'GPU'): Comparison {
  const available = (node: NodeState): number => {
    const resources: Resources | null | undefined = node.Info.ComputeNodeInfo.AvailableCapacity
    return resources?.[key] ?? 0
  }
  return (a, b) => available(b) - available(a)
}

const comparisons = new Map<string, Comparison>([
  ['', byId],
  ['id', byId],
  ['type', (a, b) => compareText(b.Info.NodeType, a.Info.NodeType)],
  ['available_cpu', byAvailable('CPU')],
  ['available_memory', byAvailable('Memory')],
  ['available_disk', byAvailable('Disk')],
  ['available_gpu', byAvailable('GPU')],
  ['approval', byMembership],
  ['status', (a, b) => compareText(a.Connection, b.Connection) || byMembership(a, b)],
])

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
