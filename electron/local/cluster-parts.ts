import type { ClusterFacts } from './cluster-facts'
import type { ClusterHosts } from './cluster-hosts'
import type { FactStore } from './fact-store'
import type { NetworkInterfaces } from './listen-address'
import type { NodeParts } from './node-parts'
import type { Progress } from './start-progress'

/** What the parts of a local cluster work on together. */
export interface ClusterParts extends NodeParts {
  readonly orchestrator: string
  readonly facts: FactStore<ClusterFacts>
  readonly hosts: ClusterHosts
  readonly progress: Progress
  readonly interfaces: () => NetworkInterfaces
}
