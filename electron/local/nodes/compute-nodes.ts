import { rm } from 'node:fs/promises'
import type { NodeShare } from '../../../shared/cluster'
import { AppError } from '../../../shared/errors'
import { writeComputeSettings, readCapacity } from '../files/cluster-config'
import type { Joining, NodeParts } from './node-parts'
import { machineAllocation, previewShares } from './machine-shares'
import { nextNodeNames } from './node-names'
import type { SupervisedHost } from '../hosts/supervised-host'

/** What `count` more nodes would get. Throws `node.too-little-left`. */
export async function previewNodes(parts: NodeParts, count: number): Promise<NodeShare> {
  const [machine, others] = await Promise.all([parts.machine(), parts.otherCapacities()])
  const own = [...parts.capacities].map(([name, { CPU, Memory, Disk }]) => ({ name, CPU, Memory, Disk }))
  return previewShares(machineAllocation(machine), own, others, namesFor(parts, count))
}

/** Makes nodes: their share of the machine, their configuration, a host each that does not run yet. */
export async function makeNodes(parts: NodeParts, count: number): Promise<readonly string[]> {
  const { roster, folder, hosts, capacities } = parts
  const shares = (await previewNodes(parts, count)).perNode.filter((share) => share.isNew)
  const { orchestrators, token } = await parts.joining()
  const others = await parts.otherCapacities()
  let gpusGiven = [...capacities.values(), ...others].some((node) => node.offersGpus)
  for (const { name, CPU, Memory, Disk } of shares) {
    const offersGpus = !gpusGiven
    gpusGiven = true
    await writeComputeSettings(folder.configFile({ name, role: 'compute' }), {
      apiPort: 0,
      orchestrators,
      token,
      share: { CPU, Memory, Disk },
      gpu: offersGpus ? '100%' : '0',
    })
    capacities.set(name, { CPU, Memory, Disk, offersGpus })
    hosts.addCompute(name)
  }
  const names = shares.map((share) => share.name)
  await roster.update([...roster.nodes, ...names.map((name) => ({ name, wanted: true }))])
  parts.changed()
  return names
}

/** Takes the nodes of earlier runs in: their hosts, and what they were given. A file that cannot be read counts as nothing given; its host will say why. */
export async function takeInNodes(parts: NodeParts): Promise<void> {
  const machine = await parts.machine()
  for (const { name } of parts.roster.nodes) {
    parts.hosts.addCompute(name)
    await refreshCapacity(parts, name, machine)
  }
}

/** Reads once more what a node's file gives to jobs. A file that cannot be read counts as nothing given. */
export async function refreshCapacity(parts: NodeParts, name: string, machine?: Awaited<ReturnType<NodeParts['machine']>>): Promise<void> {
  const file = parts.folder.configFile({ name, role: 'compute' })
  try {
    parts.capacities.set(name, await readCapacity(file, machine ?? (await parts.machine())))
  } catch (error) {
    parts.log.warn(`What ${name} was given of this machine is not known.`, { error })
    parts.capacities.delete(name)
  }
}

/** The host of a compute node. Throws `node.is-orchestrator` or `node.unknown`. */
export function computeHost(parts: NodeParts, name: string): SupervisedHost {
  const host = parts.hosts.compute.get(name)
  if (host !== undefined) return host
  if (name === parts.orchestrator) {
    throw new AppError('node.is-orchestrator', `${name} is the orchestrator of ${parts.clusterName()}; the cluster cannot do without it.`, {
      hint: 'Stop the cluster instead.',
    })
  }
  throw new AppError('node.unknown', `This machine runs no node ${name} in ${parts.clusterName()}.`)
}

/** Starts a node's host without waiting for it; how it goes is told by its state. */
export function launchNode(parts: NodeParts, name: string): void {
  computeHost(parts, name)
    .start()
    .catch((error: unknown) => {
      parts.log.warn(`Node ${name} did not start.`, { error })
    })
}

/** Keeps whether a node starts with its cluster. */
export async function setWanted(parts: NodeParts, name: string, wanted: boolean): Promise<void> {
  const { nodes } = parts.roster
  if (nodes.some((node) => node.name === name && node.wanted !== wanted))
    await parts.roster.update(nodes.map((node) => (node.name === name ? { name, wanted } : node)))
}

/** Stops a node, forgets it and deletes its data. Throws as `computeHost` does. */
export async function removeNode(parts: NodeParts, name: string): Promise<void> {
  await computeHost(parts, name).stop()
  parts.hosts.dropCompute(name)
  parts.capacities.delete(name)
  await parts.roster.update(parts.roster.nodes.filter((node) => node.name !== name))
  await rm(parts.folder.dataDir({ name, role: 'compute' }), { recursive: true, force: true })
  parts.changed()
}

/** Tells every compute node where its orchestrators are and what their token is; running ones connect anew if that changed. */
export async function tellNodes(parts: NodeParts, news: Partial<Joining>): Promise<void> {
  await Promise.all(
    parts.roster.nodes.map(async ({ name }) => {
      await writeComputeSettings(parts.folder.configFile({ name, role: 'compute' }), news)
      await parts.hosts.compute.get(name)?.reload()
    }),
  )
}

function namesFor({ prefix, roster, takenNames }: NodeParts, count: number): readonly string[] {
  return nextNodeNames(prefix, [...roster.nodes.map((node) => node.name), ...takenNames()], count)
}
