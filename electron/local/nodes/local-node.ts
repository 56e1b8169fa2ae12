import type { LocalNode } from '../../../shared/cluster'
import type { Capacity } from '../divide-capacity'
import type { NodeRole } from '../hosts/compute-hosts'
import type { SupervisedHost } from '../hosts/supervised-host'

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
