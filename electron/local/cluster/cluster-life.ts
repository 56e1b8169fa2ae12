import { AppError } from '../../../shared/errors'
import type { NodeLock } from '../../node/data/node-lock'
import type { ClusterParts } from './cluster-parts'
import { launchNode } from '../nodes/compute-nodes'
import { waitForFirstJoin } from '../joining/first-join'
import { holdFolder } from '../hosts/folder-hold'
import { followOrchestrator } from './plan-orchestrator'
import type { ReadyReport } from '../hosts/supervised-host'
import { createTurns, type Turns } from '../turns'

/** Handshake and first heartbeat: after that the cluster counts as running without the node. */
const JOIN_LIMIT_MS = 15_000

/** Starting and stopping the hosts of a cluster as one. */
export interface ClusterLife {
  start(): Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
  /** For changes that a running orchestrator cannot take over; its nodes come back by themselves. Only in a turn. */
  restartOrchestrator(): Promise<void>
  readonly isRunning: boolean
  /** Whatever moves several hosts or files takes its turn. */
  readonly turns: Turns
}

/** Starts nothing. */
export function createLife(parts: ClusterParts): ClusterLife {
  const { facts, hosts, progress, log, clock } = parts
  const turns = createTurns()
  let lock: NodeLock | undefined
  let address: string | undefined
  let followed: ReadyReport | undefined
  let restarting = false
  let starting: { readonly abort: AbortController; readonly done: Promise<void> } | undefined
  let stopping: Promise<void> | undefined
  const isRunning = (): boolean => progress.phase.kind === 'running'

  const follow = async (): Promise<void> => {
    followed = hosts.orchestrator.ready
    address = await followOrchestrator(parts, address)
  }

  const startHosts = async (signal: AbortSignal): Promise<void> => {
    lock = await holdFolder(parts.folder, { clock, log })
    signal.throwIfAborted()
    await hosts.orchestrator.start()
    signal.throwIfAborted()
    address = undefined
    await follow()
    const wanted = facts.current.nodes.filter((node) => node.wanted).map((node) => node.name)
    for (const name of wanted) launchNode(parts, name)
    const launched = new Map([...hosts.compute].filter(([name]) => wanted.includes(name)))
    const join = await waitForFirstJoin(launched, { onChange: parts.onChange, clock, limitMs: JOIN_LIMIT_MS, signal })
    if (join.kind === 'joined') progress.joined()
    else progress.joinFailed(join.message)
  }

  const stopHosts = async (): Promise<void> => {
    await Promise.all([...hosts.compute.values()].map((host) => host.stop()))
    await hosts.orchestrator.stop()
    await lock?.release()
    lock = undefined
  }

  const runStart = async (signal: AbortSignal): Promise<void> => {
    if (isRunning()) return
    progress.starting(facts.current.nodes.some((node) => node.wanted))
    try {
      signal.throwIfAborted()
      await startHosts(signal)
      signal.throwIfAborted()
      progress.running()
    } catch (error) {
      await stopHosts()
      if (!signal.aborted) {
        progress.failed(error)
        throw error
      }
      progress.stopped()
      throw new AppError('cluster.start-cancelled', `The start of ${facts.current.name} was cancelled.`)
    }
  }

  const runStop = async (): Promise<void> => {
    if (!isRunning()) return
    progress.stopping()
    await stopHosts()
    progress.stopped()
  }

  /** The supervision has given up on the orchestrator: nothing of the cluster is of use without it. */
  const giveUp = async (): Promise<void> => {
    const { state } = hosts.orchestrator
    if (!isRunning() || state.kind !== 'failed') return
    progress.stopping()
    await stopHosts()
    progress.failed(new AppError(state.failure.code, state.failure.message, state.failure))
  }

  parts.onChange(() => {
    if (restarting || !isRunning()) return
    const { state, ready } = hosts.orchestrator
    if (state.kind === 'failed') void turns.take(giveUp)
    else if (ready !== undefined && ready !== followed) {
      followed = ready
      void turns.take(async () => {
        if (isRunning()) await follow()
      })
    }
  })

  return {
    turns,
    get isRunning() {
      return isRunning()
    },
    start: () => {
      if (starting === undefined) {
        const abort = new AbortController()
        const done = turns
          .take(() => runStart(abort.signal))
          .finally(() => {
            starting = undefined
          })
        starting = { abort, done }
      }
      return starting.done
    },
    stop: () => {
      if (starting !== undefined) {
        starting.abort.abort()
        void hosts.orchestrator.stop()
      }
      stopping ??= turns.take(runStop).finally(() => {
        stopping = undefined
      })
      return stopping
    },
    kill: async () => {
      await Promise.all([...hosts.compute.values(), hosts.orchestrator].map((host) => host.kill()))
      await lock?.release()
      lock = undefined
    },
    restartOrchestrator: async () => {
      restarting = true
      try {
        await hosts.orchestrator.stop()
        await hosts.orchestrator.start()
        await follow()
      } finally {
        restarting = false
      }
    },
  }
}
