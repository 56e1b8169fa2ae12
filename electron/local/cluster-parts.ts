import type { Logger } from '../log/logger'
import type { Machine } from '../compute/allocation'
import type { NodeCapacity } from './cluster-config'
import type { Clock } from '../process/clock'
import type { ClusterFolder } from './cluster-folder'
import type { ClusterHosts } from './cluster-hosts'
import type { FactStore } from './fact-store'
import type { NetworkInterfaces } from './listen-address'
import type { Progress } from './start-progress'

/** What the parts of a local cluster work on together. */
export interface ClusterParts {
  readonly folder: ClusterFolder
  readonly facts: FactStore
  readonly hosts: ClusterHosts
  readonly progress: Progress
  /** What each compute node was given, by name. */
  readonly capacities: Map<string, NodeCapacity>
  readonly clock: Clock
  readonly log: Logger
  readonly machine: () => Promise<Machine>
  readonly interfaces: () => NetworkInterfaces
  /** What nodes of other clusters on this machine were given. */
  readonly otherCapacities: () => Promise<readonly NodeCapacity[]>
  /** Something that the view shows has changed. */
  readonly changed: () => void
  /** Called after every change; returns what ends it. */
  readonly onChange: (listener: () => void) => () => void
}
