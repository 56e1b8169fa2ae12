import type { LocalNode } from '../../../shared/cluster'
import { AppError } from '../../../shared/errors'
import { measureMachine } from '../../compute/machine/measure'
import type { Logger } from '../../log/logger'
import type { NodeLock } from '../../node/data/node-lock'
import { systemClock, type Clock } from '../../process/clock'
import { readJoining, type NodeCapacity } from '../files/cluster-config'
import { clusterFolder } from '../files/cluster-folder'
import { localNode } from './local-node'
import { createComputeHosts } from '../hosts/compute-hosts'
import { computeHost, launchNode, makeNodes, removeNode, takeInNodes, tellNodes } from './compute-nodes'
import { holdFolder } from '../hosts/folder-hold'
import type { HostLauncher } from '../hosts/host-launcher'
import { waitForVerdict } from '../joining/join-verdict'
import type { MachineNodes } from './machine-nodes'
import { nodeActs } from './node-acts'
import type { Joining, NodeParts } from './node-parts'
import { createTurns } from '../turns'

/** A host's start, its handshake and its first heartbeat. */
const JOIN_LIMIT_MS = 20_000

/** Compute nodes of this machine for an orchestrator that runs elsewhere. */
export interface JoinedNodes extends MachineNodes {
  readonly localNodes: readonly LocalNode[]
  /** Called after every change of `localNodes`; returns what ends it. */
  on(listener: () => void): () => void
  /** What its nodes join with, by the file of the first; undefined while there is none. */
  joining(): Promise<Joining | undefined>
  /**
   * Makes nodes that join with this, and tries it with the first of them. When that one is refused or does not get through, nothing is
   * left of it, and the reason is thrown. Nodes that are there already join with it from then on.
   */
  join(count: number, joining: Joining): Promise<readonly string[]>
  /** Starts those that are wanted. */
  start(): Promise<void>
  /** Never rejects. */
  stop(): Promise<void>
  kill(): Promise<void>
}

/** `prefix` begins the names of new nodes; `takenNames` are those they cannot have. */
export interface JoinedNodesOptions {
  /** Absolute. */
  readonly folder: string
  readonly clusterName: () => string
  readonly roster: NodeParts['roster']
  readonly prefix: string
  readonly takenNames: () => readonly string[]
  readonly launcher: HostLauncher
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Logger
  readonly clock?: Clock
  readonly otherCapacities: () => Promise<readonly NodeCapacity[]>
}

/** Takes up the nodes of `roster`. Starts nothing. */
export async function createJoinedNodes(options: JoinedNodesOptions): Promise<JoinedNodes> {
  const { parts, joining } = partsOf(options)
  const { hosts, roster } = parts
  const turns = createTurns()
  const acts = nodeActs(parts, turns)
  const hold = createHold(parts)
  let trial = new AbortController()

  await takeInNodes(parts)
  return {
    ...acts,
    get localNodes() {
      return [...hosts.compute].map(([name, host]) => localNode(name, 'compute', host, parts.capacities.get(name)))
    },
    on: parts.onChange,
    joining,
    addNodes: (count) => turns.take(() => launch(parts, hold, count)),
    join: (count, given) => {
      const { signal } = trial
      return turns.take(async () => {
        signal.throwIfAborted()
        const first = await tryFirst(parts, hold, given, signal)
        await tellNodes(parts, given)
        return count > 1 ? [...first, ...(await launch(parts, hold, count - 1))] : first
      })
    },
    startNode: async (name) => {
      await turns.take(() => hold.take())
      await acts.startNode(name)
    },
    restartNode: async (name) => {
      await turns.take(() => hold.take())
      await acts.restartNode(name)
    },
    start: () =>
      turns.take(async () => {
        const wanted = roster.nodes.filter((node) => node.wanted)
        if (wanted.length === 0) return
        await hold.take()
        for (const { name } of wanted) launchNode(parts, name)
      }),
    stop: () => {
      trial.abort(new AppError('node.join-cancelled', 'The nodes are being stopped.'))
      trial = new AbortController()
      return turns.take(async () => {
        await Promise.all([...hosts.compute.values()].map((host) => host.stop()))
        await hold.letGo()
      })
    },
    kill: async () => {
      await Promise.all([...hosts.compute.values()].map((host) => host.kill()))
      await hold.letGo()
    },
  }
}

/** What its nodes are made and run with, and how they join by what is known now. */
function partsOf(options: JoinedNodesOptions): { readonly parts: NodeParts; readonly joining: JoinedNodes['joining'] } {
  const { clusterName, roster, log, clock = systemClock } = options
  const folder = clusterFolder(options.folder)
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of [...listeners]) listener()
  }
  const joining = async (): Promise<Joining | undefined> => {
    const [first] = roster.nodes
    return first === undefined ? undefined : readJoining(folder.configFile({ name: first.name, role: 'compute' }))
  }
  const parts: NodeParts = {
    folder,
    hosts: createComputeHosts({ folder, launcher: options.launcher, env: options.env, clock, log, onReport: () => undefined, onChange: changed }),
    capacities: new Map<string, NodeCapacity>(),
    clock,
    log,
    machine: () => measureMachine(folder.root),
    otherCapacities: options.otherCapacities,
    changed,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    clusterName,
    orchestrator: undefined,
    prefix: options.prefix,
    takenNames: options.takenNames,
    roster,
    joining: async () => {
      const known = await joining()
      if (known !== undefined) return known
      throw new AppError('cluster.joining-unknown', `It is not known yet how nodes of this machine join ${clusterName()}.`, {
        hint: 'Give the address of its orchestrator, and its token.',
      })
    },
  }
  return { parts, joining }
}

/** While it is taken, no other process runs nodes of the folder, and none is left of a crash. */
interface Hold {
  take(): Promise<void>
  letGo(): Promise<void>
}

function createHold({ folder, clock, log }: NodeParts): Hold {
  let lock: NodeLock | undefined
  return {
    take: async () => {
      lock ??= await holdFolder(folder, { clock, log })
    },
    letGo: async () => {
      await lock?.release()
      lock = undefined
    },
  }
}

async function launch(parts: NodeParts, hold: Hold, count: number): Promise<readonly string[]> {
  await hold.take()
  const names = await makeNodes(parts, count)
  for (const name of names) launchNode(parts, name)
  return names
}

/** One node that joins with what was given; it is removed again when that fails, and the reason is thrown. */
async function tryFirst(parts: NodeParts, hold: Hold, given: Joining, signal: AbortSignal): Promise<readonly string[]> {
  const { onChange, clock } = parts
  const names = await launch({ ...parts, joining: () => Promise.resolve(given) }, hold, 1)
  try {
    for (const name of names) {
      const verdict = await waitForVerdict(computeHost(parts, name), { onChange, clock, limitMs: JOIN_LIMIT_MS, signal })
      if (verdict.kind === 'failed') throw new AppError(verdict.failure.code, verdict.failure.message, verdict.failure)
    }
    return names
  } catch (error) {
    for (const name of names) await removeNode(parts, name)
    throw error
  }
}
