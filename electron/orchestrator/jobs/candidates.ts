import type { CandidateNode } from '../../../shared/placement/candidate-node'
import type { SchedulingNode } from '../scheduling/scheduling-input'
import type { BookedNode } from './node-books'

/** A node in the form that placement takes. */
function candidateOf({ info }: BookedNode): CandidateNode {
  const { ExecutionEngines, Publishers, StorageSources, MaxCapacity, AvailableCapacity, QueueCapacity, MaxJobRequirements } = info.ComputeNodeInfo
  return {
    id: info.NodeID,
    labels: info.Labels ?? {},
    engines: ExecutionEngines ?? [],
    publishers: Publishers ?? [],
    storages: StorageSources ?? [],
    max: MaxCapacity ?? {},
    available: AvailableCapacity ?? {},
    queued: QueueCapacity ?? {},
    maxJobRequirements: MaxJobRequirements ?? {},
    version: info.BacalhauVersion ?? {},
  }
}

/** All nodes as a scheduler sees them, also those on which nothing can be placed now. */
export function schedulingNodes(nodes: readonly BookedNode[]): SchedulingNode[] {
  return nodes.map((node) => ({ candidate: candidateOf(node), approved: node.approved, standing: node.standing }))
}

/** Nodes on which something could be placed now. */
export function placeable(nodes: readonly BookedNode[]): CandidateNode[] {
  return nodes.filter(({ approved, standing }) => approved && standing === 'connected').map(candidateOf)
}
