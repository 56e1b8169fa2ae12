import { isPortFree } from '../../process/ports'
import { readOrchestratorSettings, THIS_MACHINE } from '../files/cluster-config'
import type { ClusterFolder } from '../files/cluster-folder'
import type { ClusterParts } from './cluster-parts'
import { tellNodes } from '../nodes/compute-nodes'
import type { ClusterFacts } from '../files/cluster-facts'
import type { FactStore } from '../files/fact-store'
import { orchestratorArguments, wishPorts } from '../hosts/host-arguments'
import { joinAddress } from '../joining/join-address'
import { isHere, type NetworkInterfaces } from '../joining/listen-address'

/** How an orchestrator's host is started. */
interface OrchestratorStart {
  readonly args: readonly string[]
  /** Said to the person when this start differs from what is configured. */
  readonly notice: string | undefined
}

/** How the orchestrator's host is to be started now. */
export async function planOrchestrator(
  folder: ClusterFolder,
  facts: FactStore<ClusterFacts>,
  interfaces: NetworkInterfaces,
): Promise<OrchestratorStart> {
  const node = { name: facts.current.orchestrator, role: 'orchestrator' } as const
  const settings = await readOrchestratorSettings(folder.configFile(node))
  // A laptop may have left the network that the cluster was shared on: its own nodes go on all the same.
  const away = !isHere(settings.host, interfaces)
  const host = away ? THIS_MACHINE : settings.host
  const ports = await wishPorts({ ...settings, host }, facts.current.listened, isPortFree)
  return {
    args: orchestratorArguments({ name: node.name, dataDir: folder.dataDir(node) }, ports, away ? THIS_MACHINE : undefined),
    notice: away
      ? `This machine is not at ${settings.host} now, where the cluster is shared: until the next start only this machine reaches it.`
      : undefined,
  }
}

/** After every start of the orchestrator: remembers where it listens, and sends the compute nodes after it if it has moved. */
export async function followOrchestrator(parts: ClusterParts, lastAddress: string | undefined): Promise<string | undefined> {
  const { ready } = parts.hosts.orchestrator
  if (ready?.nats === undefined) return lastAddress
  const api = Number(new URL(ready.apiUrl).port)
  const { host, port: nats } = ready.nats
  const { listened } = parts.facts.current
  if (listened?.host !== host || listened.nats !== nats || listened.api !== api) await parts.facts.update({ listened: { host, nats, api } })
  const address = joinAddress(ready.nats)
  if (address !== lastAddress) await tellNodes(parts, { orchestrators: [address] })
  return address
}
