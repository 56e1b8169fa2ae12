import { readOrchestratorSettings } from '../files/cluster-config'
import type { ClusterParts } from './cluster-parts'
import { joinAddress } from '../joining/join-address'
import type { Joining } from '../nodes/node-parts'

/** The `config.yaml` of a local cluster's orchestrator. */
export function orchestratorFile({ orchestrator, folder }: Pick<ClusterParts, 'orchestrator' | 'folder'>): string {
  return folder.configFile({ name: orchestrator, role: 'orchestrator' })
}

/** Where nodes of a local cluster join now, or will by all that is known before the first start. */
export async function ownJoining(parts: Pick<ClusterParts, 'orchestrator' | 'folder' | 'hosts' | 'facts'>): Promise<Joining> {
  const { token } = await readOrchestratorSettings(orchestratorFile(parts))
  const nats = parts.hosts.orchestrator.ready?.nats
  return {
    orchestrators: [joinAddress({ host: nats?.host ?? '127.0.0.1', port: nats?.port ?? parts.facts.current.listened?.nats ?? 4222 })],
    token,
  }
}
