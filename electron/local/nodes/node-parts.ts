import type { Machine } from '../../compute/machine/allocation'
import type { Logger } from '../../log/logger'
import type { Clock } from '../../process/clock'
import type { NodeCapacity } from '../files/cluster-config'
import type { ClusterFolder } from '../files/cluster-folder'
import type { ComputeHosts } from '../hosts/compute-hosts'

/** Compute nodes of this machine, in order of their making. `wanted`: whether they start with the cluster. */
export type NodeRoster = readonly { readonly name: string; readonly wanted: boolean }[]

/** Where compute nodes find their orchestrators, and the token they show there. */
export interface Joining {
  readonly orchestrators: readonly string[]
  /** Empty when none is needed. Never log it. */
  readonly token: string
}

/** What compute nodes of this machine are made, run and removed with, wherever their orchestrator is. */
export interface NodeParts {
  readonly folder: ClusterFolder
  readonly hosts: ComputeHosts
  /** What each compute node was given, by name. */
  readonly capacities: Map<string, NodeCapacity>
  readonly clock: Clock
  readonly log: Logger
  readonly machine: () => Promise<Machine>
  /** What nodes of other clusters on this machine were given. */
  readonly otherCapacities: () => Promise<readonly NodeCapacity[]>
  /** Something that the view shows has changed. */
  readonly changed: () => void
  /** Called after every change; returns what ends it. */
  readonly onChange: (listener: () => void) => () => void
  readonly clusterName: () => string
  /** Its host is no compute node, though it stands in the same list. */
  readonly orchestrator: string | undefined
  /** New nodes are called by it and a letter, unless the name is taken. */
  readonly prefix: string
  readonly takenNames: () => readonly string[]
  readonly roster: { readonly nodes: NodeRoster; update(nodes: NodeRoster): Promise<void> }
  /** What new nodes are to join with. */
  readonly joining: () => Promise<Joining>
}
