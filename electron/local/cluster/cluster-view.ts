import type { ClusterPhase } from '../../../shared/cluster'
import type { Capacity } from '../divide-capacity'
import type { ClusterFacts } from '../files/cluster-facts'
import type { ClusterHosts } from '../hosts/cluster-hosts'
import { isThisMachineOnly } from '../joining/listen-address'
import { localNode } from '../nodes/local-node'
import type { LocalClusterView } from './local-cluster'

/** What a view is made of. */
interface ViewParts {
  readonly facts: ClusterFacts
  readonly phase: ClusterPhase
  readonly hosts: ClusterHosts
  readonly capacities: ReadonlyMap<string, Capacity>
  readonly notices: readonly string[]
}

/** The view of a cluster as its parts stand now. */
export function viewOf({ facts, phase, hosts, capacities, notices }: ViewParts): LocalClusterView {
  const { ready } = hosts.orchestrator
  const { listened } = facts
  const nats = ready?.nats ?? (listened === undefined ? undefined : { host: listened.host, port: listened.nats })
  return {
    id: facts.id,
    name: facts.name,
    colour: facts.colour as LocalClusterView['colour'],
    createdAt: facts.createdAt,
    phase,
    apiUrl: ready?.apiUrl,
    reach: nats === undefined ? undefined : { host: nats.host, port: nats.port, shared: !isThisMachineOnly(nats.host) },
    localNodes: [
      localNode(facts.orchestrator, 'orchestrator', hosts.orchestrator, undefined),
      ...[...hosts.compute].map(([name, host]) => localNode(name, 'compute', host, capacities.get(name))),
    ],
    notices: [...(ready?.notices ?? []), ...notices],
  }
}
