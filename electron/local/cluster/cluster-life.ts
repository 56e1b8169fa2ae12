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
  return new Life(parts)
}

class Life implements ClusterLife {
  readonly turns = createTurns()
  readonly #parts: ClusterParts
  #lock: NodeLock | undefined
  /** Where the orchestrator was found last, and the report that said so. */
  #address: string | undefined
  #followed: ReadyReport | undefined
  #restarting = false
  #starting: { readonly abort: AbortController; readonly done: Promise<void> } | undefined
  #stopping: Promise<void> | undefined

  constructor(parts: ClusterParts) {
    this.#parts = parts
    parts.onChange(() => this.#lookAtOrchestrator())
  }

  get isRunning(): boolean {
    return this.#parts.progress.phase.kind === 'running'
  }

  start(): Promise<void> {
    if (this.#starting === undefined) {
      const abort = new AbortController()
      const done = this.turns
        .take(() => this.#runStart(abort.signal))
        .finally(() => {
          this.#starting = undefined
        })
      this.#starting = { abort, done }
    }
    return this.#starting.done
  }

  stop(): Promise<void> {
    if (this.#starting !== undefined) {
      this.#starting.abort.abort()
      void this.#parts.hosts.orchestrator.stop()
    }
    this.#stopping ??= this.turns
      .take(() => this.#runStop())
      .finally(() => {
        this.#stopping = undefined
      })
    return this.#stopping
  }

  async kill(): Promise<void> {
    const { hosts } = this.#parts
    await Promise.all([...hosts.compute.values(), hosts.orchestrator].map((host) => host.kill()))
    await this.#letGo()
  }

  async restartOrchestrator(): Promise<void> {
    const { hosts } = this.#parts
    this.#restarting = true
    try {
      await hosts.orchestrator.stop()
      await hosts.orchestrator.start()
      await this.#follow()
    } finally {
      this.#restarting = false
    }
  }

  async #runStart(signal: AbortSignal): Promise<void> {
    const { facts, progress } = this.#parts
    if (this.isRunning) return
    progress.starting(facts.current.nodes.some((node) => node.wanted))
    try {
      signal.throwIfAborted()
      await this.#startHosts(signal)
      signal.throwIfAborted()
      progress.running()
    } catch (error) {
      await this.#stopHosts()
      if (!signal.aborted) {
        progress.failed(error)
        throw error
      }
      progress.stopped()
      throw new AppError('cluster.start-cancelled', `The start of ${facts.current.name} was cancelled.`)
    }
  }

  async #startHosts(signal: AbortSignal): Promise<void> {
    const { folder, facts, hosts, progress, log, clock, onChange } = this.#parts
    this.#lock = await holdFolder(folder, { clock, log })
    signal.throwIfAborted()
    await hosts.orchestrator.start()
    signal.throwIfAborted()
    this.#address = undefined
    await this.#follow()
    const wanted = facts.current.nodes.filter((node) => node.wanted).map((node) => node.name)
    for (const name of wanted) launchNode(this.#parts, name)
    const launched = new Map([...hosts.compute].filter(([name]) => wanted.includes(name)))
    const join = await waitForFirstJoin(launched, { onChange, clock, limitMs: JOIN_LIMIT_MS, signal })
    if (join.kind === 'joined') progress.joined()
    else progress.joinFailed(join.message)
  }

  async #runStop(): Promise<void> {
    const { progress } = this.#parts
    if (!this.isRunning) return
    progress.stopping()
    await this.#stopHosts()
    progress.stopped()
  }

  async #stopHosts(): Promise<void> {
    const { hosts } = this.#parts
    await Promise.all([...hosts.compute.values()].map((host) => host.stop()))
    await hosts.orchestrator.stop()
    await this.#letGo()
  }

  async #letGo(): Promise<void> {
    await this.#lock?.release()
    this.#lock = undefined
  }

  /** The orchestrator may have been started again by its supervision, or been given up. */
  #lookAtOrchestrator(): void {
    if (this.#restarting || !this.isRunning) return
    const { state, ready } = this.#parts.hosts.orchestrator
    if (state.kind === 'failed') void this.turns.take(() => this.#giveUp())
    else if (ready !== undefined && ready !== this.#followed) {
      this.#followed = ready
      void this.turns.take(async () => {
        if (this.isRunning) await this.#follow()
      })
    }
  }

  async #follow(): Promise<void> {
    this.#followed = this.#parts.hosts.orchestrator.ready
    this.#address = await followOrchestrator(this.#parts, this.#address)
  }

  /** The supervision has given up on the orchestrator: nothing of the cluster is of use without it. */
  async #giveUp(): Promise<void> {
    const { hosts, progress } = this.#parts
    const { state } = hosts.orchestrator
    if (!this.isRunning || state.kind !== 'failed') return
    progress.stopping()
    await this.#stopHosts()
    progress.failed(new AppError(state.failure.code, state.failure.message, state.failure))
  }
}
