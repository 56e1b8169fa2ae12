import type { ClusterFacts } from '../files/cluster-facts'
import type { ClusterHosts } from '../hosts/cluster-hosts'
import type { FactStore } from '../files/fact-store'
import type { NetworkInterfaces } from '../joining/listen-address'
import type { NodeParts } from '../nodes/node-parts'
import type { Progress } from './start-progress'

/** What the parts of a local cluster work on together. */
export interface ClusterParts extends NodeParts {
  readonly orchestrator: string
  readonly facts: FactStore<ClusterFacts>
  readonly hosts: ClusterHosts
  readonly progress: Progress
  readonly interfaces: () => NetworkInterfaces
}
