import { rm } from 'node:fs/promises'
import type { NodeShare } from '../../shared/cluster'
import { AppError } from '../../shared/errors'
import { writeComputeSettings, readOrchestratorSettings, readCapacity } from './cluster-config'
import type { ClusterParts } from './cluster-parts'
import { joinAddress } from './join-address'
import { machineAllocation, previewShares } from './machine-shares'
import { nextNodeNames } from './node-names'
import type { SupervisedHost } from './supervised-host'

/** What `count` more nodes would get. Throws `node.too-little-left`. */
export async function previewNodes(parts: ClusterParts, count: number): Promise<NodeShare> {
  const [machine, others] = await Promise.all([parts.machine(), parts.otherCapacities()])
  const own = [...parts.capacities].map(([name, { CPU, Memory, Disk }]) => ({ name, CPU, Memory, Disk }))
  return previewShares(machineAllocation(machine), own, others, namesFor(parts, count))
}

/** Makes nodes: their share of the machine, their configuration, a host each that does not run yet. */
export async function makeNodes(parts: ClusterParts, count: number): Promise<readonly string[]> {
  const { facts, folder, hosts, capacities } = parts
  const shares = (await previewNodes(parts, count)).perNode.filter((share) => share.isNew)
  const { token } = await readOrchestratorSettings(orchestratorFile(parts))
  const others = await parts.otherCapacities()
  let gpusGiven = [...capacities.values(), ...others].some((node) => node.offersGpus)
  for (const { name, CPU, Memory, Disk } of shares) {
    const offersGpus = !gpusGiven
    gpusGiven = true
    await writeComputeSettings(folder.configFile({ name, role: 'compute' }), {
      apiPort: 0,
      orchestrators: [currentJoinAddress(parts)],
      token,
      share: { CPU, Memory, Disk },
      gpu: offersGpus ? '100%' : '0',
    })
    capacities.set(name, { CPU, Memory, Disk, offersGpus })
    hosts.addCompute(name)
  }
  const names = shares.map((share) => share.name)
  await facts.update({ nodes: [...facts.current.nodes, ...names.map((name) => ({ name, wanted: true }))] })
  parts.changed()
  return names
}

/** Takes the nodes of earlier runs in: their hosts, and what they were given. A file that cannot be read counts as nothing given; its host will say why. */
export async function takeInNodes(parts: ClusterParts): Promise<void> {
  const machine = await parts.machine()
  for (const { name } of parts.facts.current.nodes) {
    parts.hosts.addCompute(name)
    await refreshCapacity(parts, name, machine)
  }
}

export async function refreshCapacity(parts: ClusterParts, name: string, machine?: Awaited<ReturnType<ClusterParts['machine']>>): Promise<void> {
  const file = parts.folder.configFile({ name, role: 'compute' })
  try {
    parts.capacities.set(name, await readCapacity(file, machine ?? (await parts.machine())))
  } catch (error) {
    parts.log.warn(`What ${name} was given of this machine is not known.`, { error })
    parts.capacities.delete(name)
  }
}

export function computeHost(parts: ClusterParts, name: string): SupervisedHost {
  const host = parts.hosts.compute.get(name)
  if (host !== undefined) return host
  if (name === parts.facts.current.orchestrator) {
    throw new AppError('node.is-orchestrator', `${name} is the orchestrator of ${parts.facts.current.name}; the cluster cannot do without it.`, {
      hint: 'Stop the cluster instead.',
    })
  }
  throw new AppError('node.unknown', `This machine runs no node ${name} in ${parts.facts.current.name}.`)
}

/** Starts a node's host without waiting for it; how it goes is told by its state. */
export function launchNode(parts: ClusterParts, name: string): void {
  computeHost(parts, name)
    .start()
    .catch((error: unknown) => {
      parts.log.warn(`Node ${name} did not start.`, { error })
    })
}

export async function setWanted(parts: ClusterParts, name: string, wanted: boolean): Promise<void> {
  const { nodes } = parts.facts.current
  if (nodes.some((node) => node.name === name && node.wanted !== wanted))
    await parts.facts.update({ nodes: nodes.map((node) => (node.name === name ? { name, wanted } : node)) })
}

export async function removeNode(parts: ClusterParts, name: string): Promise<void> {
  await computeHost(parts, name).stop()
  parts.hosts.dropCompute(name)
  parts.capacities.delete(name)
  await parts.facts.update({ nodes: parts.facts.current.nodes.filter((node) => node.name !== name) })
  await rm(parts.folder.dataDir({ name, role: 'compute' }), { recursive: true, force: true })
  parts.changed()
}

/** Tells every compute node where the orchestrator is and what its token is; running ones connect anew if that changed. */
export async function tellNodes(parts: ClusterParts, news: { readonly address?: string; readonly token?: string }): Promise<void> {
  await Promise.all(
    parts.facts.current.nodes.map(async ({ name }) => {
      await writeComputeSettings(parts.folder.configFile({ name, role: 'compute' }), {
        ...(news.address === undefined ? {} : { orchestrators: [news.address] }),
        ...(news.token === undefined ? {} : { token: news.token }),
      })
      await parts.hosts.compute.get(name)?.reload()
    }),
  )
}

export function orchestratorFile({ facts, folder }: ClusterParts): string {
  return folder.configFile({ name: facts.current.orchestrator, role: 'orchestrator' })
}

/** Where nodes join now, or will by all that is known before the first start. */
function currentJoinAddress({ facts, hosts }: ClusterParts): string {
  const nats = hosts.orchestrator.ready?.nats
  return joinAddress({ host: nats?.host ?? '127.0.0.1', port: nats?.port ?? facts.current.listened?.nats ?? 4222 })
}

function namesFor({ facts }: ClusterParts, count: number): readonly string[] {
  const { orchestrator, nodes } = facts.current
  return nextNodeNames(
    orchestrator,
    nodes.map((node) => node.name),
    count,
  )
}
