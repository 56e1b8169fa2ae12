import type { ClusterPhase, LocalNode } from '../../../shared/cluster'
import type { Capacity } from '../nodes/divide-capacity'
import type { ClusterFacts } from '../files/cluster-facts'
import type { ClusterHosts } from '../hosts/cluster-hosts'
import type { NodeRole } from '../hosts/compute-hosts'
import { isThisMachineOnly } from '../joining/listen-address'
import type { LocalClusterView } from './local-cluster'
import type { SupervisedHost } from '../hosts/supervised-host'

/** What a view is made of. */
export interface ViewParts {
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

/** A node of this machine as the window shows it. */
export function localNode(name: string, role: NodeRole, host: SupervisedHost, capacity: Capacity | undefined): LocalNode {
  const { state, connection, ready, lastLogLine } = host
  return {
    name,
    role,
    state,
    ...(connection === undefined ? {} : { connection }),
    ...(ready === undefined ? {} : { apiUrl: ready.apiUrl }),
    ...(capacity === undefined ? {} : { capacity: { CPU: capacity.CPU, Memory: capacity.Memory, Disk: capacity.Disk } }),
    ...(lastLogLine === undefined ? {} : { lastLogLine }),
  }
}
