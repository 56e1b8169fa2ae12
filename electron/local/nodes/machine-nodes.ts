import type { NodeShare } from '../../../shared/cluster'
import type { NodeCapacity } from '../files/cluster-config'

/** What can be done with the compute nodes that this machine runs for a cluster, wherever its orchestrator is. */
export interface MachineNodes {
  /** What these nodes were given of the machine, whether they run or not. */
  capacities(): readonly NodeCapacity[]
  /** What `count` more nodes would get of this machine. Throws `node.too-little-left`. */
  previewNodes(count: number): Promise<NodeShare>
  /** Makes nodes, and starts them if the cluster runs. Throws `node.too-little-left`. */
  addNodes(count: number): Promise<readonly string[]>
  startNode(name: string): Promise<void>
  stopNode(name: string): Promise<void>
  restartNode(name: string): Promise<void>
  /** Stops a compute node and deletes its data. */
  removeNode(name: string): Promise<void>
  configFile(node: string): string
  dataDir(node: string): string
  /** A node's file was changed by hand: live keys are taken over, all of them with a restart. */
  applyConfig(node: string, restart: boolean): Promise<void>
}
