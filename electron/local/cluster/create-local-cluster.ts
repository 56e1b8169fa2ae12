import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import path from 'node:path'
import type { ClusterColour } from '../../../shared/cluster'
import type { Logger } from '../../log/logger'
import { measureMachine } from '../../compute/machine/measure'
import { systemClock, type Clock } from '../../process/clock'
import { readOrchestratorSettings, THIS_MACHINE, writeOrchestratorSettings, type NodeCapacity } from '../files/cluster-config'
import { clusterFolder, type ClusterFolder } from '../files/cluster-folder'
import { newFacts, readFacts, writeFacts, type ClusterFacts } from '../files/cluster-facts'
import { clusterChanges } from './cluster-changes'
import { createClusterHosts, type ClusterHosts } from '../hosts/cluster-hosts'
import { createLife } from './cluster-life'
import type { ClusterParts } from './cluster-parts'
import { viewOf } from './cluster-view'
import { makeNodes, takeInNodes } from '../nodes/compute-nodes'
import { createFactStore } from '../files/fact-store'
import type { HostLauncher } from '../hosts/host-launcher'
import type { NetworkInterfaces } from '../joining/listen-address'
import type { LocalCluster, LocalClusterView } from './local-cluster'
import { safeName } from '../nodes/node-names'
import { ownJoining } from './join-own-orchestrator'
import { planOrchestrator } from './plan-orchestrator'
import { createProgress } from './start-progress'

/** What a cluster of this machine is made, or taken up, with. */
export interface LocalClusterOptions {
  /** Absolute. Made when it is not there; a cluster that it holds is taken up. */
  readonly folder: string
  /** Of a cluster that is made now; one that is taken up keeps its own. */
  readonly name: string
  readonly colour?: ClusterColour
  /** Compute nodes of a cluster that is made now. Default 1. */
  readonly computeNodes?: number
  readonly launcher: HostLauncher
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Logger
  readonly clock?: Clock
  readonly interfaces?: () => NetworkInterfaces
  /** What nodes of other clusters on this machine were given. */
  readonly otherCapacities?: () => Promise<readonly NodeCapacity[]>
}

/**
 * Makes a cluster in `folder`, or takes up the one that is there. Starts nothing.
 * Throws `cluster.newer`, `cluster.broken-file`, `cluster.unreadable`, `config.*` when the folder's files cannot be used; they stay as they are.
 */
export async function createLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { log, clock = systemClock, interfaces = networkInterfaces } = options
  const folder = clusterFolder(options.folder)
  const known = await readFacts(folder.facts)
  const made = known ?? (await make(folder, options, clock))
  const facts = createFactStore(made, (changed) => writeFacts(folder.facts, changed))

  const listeners = new Set<() => void>()
  let view: LocalClusterView | undefined
  const notices: { current: readonly string[] } = { current: [] }
  const changed = (): void => {
    view = undefined
    for (const listener of [...listeners]) listener()
  }
  const capacities = new Map<string, NodeCapacity>()
  const progress = createProgress(clock, changed)
  const hosts: ClusterHosts = createClusterHosts({
    folder,
    launcher: options.launcher,
    env: options.env,
    clock,
    log,
    orchestrator: made.orchestrator,
    orchestratorArguments: async () => {
      const { args, notice } = await planOrchestrator(folder, facts, interfaces())
      notices.current = notice === undefined ? [] : [notice]
      return args
    },
    onReport: (_node, role, report) => progress.hear(role, report),
    onChange: () => {
      progress.logLine(hosts.orchestrator.lastLogLine)
      changed()
    },
  })
  const parts: ClusterParts = {
    folder,
    facts,
    hosts,
    progress,
    capacities,
    clock,
    log,
    machine: () => measureMachine(folder.root),
    interfaces,
    clusterName: () => facts.current.name,
    orchestrator: made.orchestrator,
    prefix: made.orchestrator,
    takenNames: () => [],
    roster: {
      get nodes() {
        return facts.current.nodes
      },
      update: (nodes) => facts.update({ nodes: [...nodes] }),
    },
    joining: () => ownJoining(parts),
    otherCapacities: options.otherCapacities ?? (() => Promise.resolve([])),
    changed,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  if (known === undefined) await makeNodes(parts, options.computeNodes ?? 1)
  else await takeInNodes(parts)

  const life = createLife(parts)
  return {
    get view() {
      view ??= viewOf({ facts: facts.current, phase: progress.phase, hosts, capacities, notices: notices.current })
      return view
    },
    on: parts.onChange,
    start: () => life.start(),
    stop: () => life.stop(),
    kill: () => life.kill(),
    ...clusterChanges(parts, life),
  }
}

/** Folder and configuration with a token of its own. The facts reach the disk with the first nodes: a cluster is there whole or not at all. */
async function make(folder: ClusterFolder, { name, colour = 1 }: LocalClusterOptions, clock: Clock): Promise<ClusterFacts> {
  await mkdir(folder.root, { recursive: true, mode: 0o700 })
  const orchestrator = safeName(name) || 'cluster'
  const facts = newFacts({ id: path.basename(folder.root).slice(0, 64) || randomUUID(), name, colour, createdAt: clock.now(), orchestrator })
  const configFile = folder.configFile({ name: orchestrator, role: 'orchestrator' })
  const found = await readOrchestratorSettings(configFile)
  if (found.token !== '') return facts
  const { fingerprint, generateToken } = await import('../../access/tokens')
  const token = generateToken()
  await writeOrchestratorSettings(configFile, { host: THIS_MACHINE, token })
  return { ...facts, token: { generated: true, fingerprint: fingerprint(token), changedAt: clock.now() } }
}
