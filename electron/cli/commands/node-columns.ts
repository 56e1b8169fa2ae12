import type { NodeState } from '../../../shared/models/node'
import type { Resources } from '../../../shared/models/resources'
import { humanBytes, shortId } from '../output/human'
import type { Column } from '../output/table'

const always: readonly Column<NodeState>[] = [
  { head: 'id', value: (node) => node.Info.NodeID, short: shortId },
  { head: 'type', value: (node) => node.Info.NodeType },
  { head: 'approval', value: (node) => node.Membership },
  { head: 'status', value: (node) => node.ConnectionState.Status },
]

/** Columns that are shown on request, by the name of their group. */
const groups = {
  labels: [{ head: 'labels', width: 50, value: labelsOf }],
  version: [
    { head: 'version', value: (node) => node.Info.BacalhauVersion?.GitVersion ?? '' },
    { head: 'architecture', value: (node) => node.Info.BacalhauVersion?.GOARCH ?? '' },
    { head: 'os', value: (node) => node.Info.BacalhauVersion?.GOOS ?? '' },
  ],
  features: [
    { head: 'engines', width: 7, value: (node) => words(node, node.Info.ComputeNodeInfo.ExecutionEngines) },
    { head: 'inputs from', width: 15, value: (node) => words(node, node.Info.ComputeNodeInfo.StorageSources) },
    { head: 'outputs', width: 10, value: (node) => words(node, node.Info.ComputeNodeInfo.Publishers) },
  ],
  capacity: [
    { head: 'cpu', width: 6, value: (node) => capacity(node, (resources) => (resources.CPU ?? 0).toFixed(1)) },
    { head: 'memory', width: 10, value: (node) => capacity(node, (resources) => humanBytes(resources.Memory ?? 0)) },
    { head: 'disk', width: 11, value: (node) => capacity(node, (resources) => humanBytes(resources.Disk ?? 0)) },
    { head: 'gpu', width: 4, value: (node) => capacity(node, (resources) => String(resources.GPU ?? 0)) },
  ],
} satisfies Record<string, readonly Column<NodeState>[]>

type ColumnGroup = keyof typeof groups
/** What `--show` may name. */
export const columnGroups = Object.keys(groups).filter(isColumnGroup)

/** Whether `--show` may name it; in lower case only. */
export function isColumnGroup(name: string): name is ColumnGroup {
  return Object.hasOwn(groups, name)
}

/** The columns of a list of nodes: those that are always there, then the groups in the order asked for. */
export function nodeColumns(shown: readonly ColumnGroup[]): readonly Column<NodeState>[] {
  return [...always, ...shown.flatMap((group) => groups[group])]
}

function labelsOf(node: NodeState): string {
  return Object.entries(node.Info.Labels ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(' ')
}

function isCompute(node: NodeState): boolean {
  return node.Info.NodeType.toLowerCase() === 'compute'
}

function words(node: NodeState, list: readonly string[] | null | undefined): string {
  return isCompute(node) ? (list ?? []).join(' ') : ''
}

function capacity(node: NodeState, show: (resources: Resources) => string): string {
  const { AvailableCapacity, MaxCapacity } = node.Info.ComputeNodeInfo
  return isCompute(node) ? `${show(AvailableCapacity ?? {})} / ${show(MaxCapacity ?? {})}` : ''
}
