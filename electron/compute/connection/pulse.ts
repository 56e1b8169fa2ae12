import type { NodeInfo } from '../../../shared/models/node'
import type { Resources } from '../../../shared/models/resources'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { staticInfoDiffers } from '../node-info'
import type { OrchestratorTalk } from './orchestrator-talk'
import type { Position } from './position'

/** What a node tells with its heartbeats, and how often. */
export interface PulseOptions {
  readonly link: NatsLink
  readonly talk: OrchestratorTalk
  readonly position: Position
  /** The description that the handshake told. */
  readonly sent: NodeInfo
  readonly info: () => NodeInfo
  readonly load: () => { readonly available: Resources; readonly queued: Resources }
  /** Ids of all executions that the node has; undefined while it does not know. Told after each handshake, and when `tellHoldings` says so. */
  readonly holdings: () => readonly string[] | undefined
  /** The orchestrator does not want these to go on. */
  readonly onUnwanted: (executionIds: readonly string[]) => void
  readonly heartbeatIntervalMs: number
  readonly infoIntervalMs: number
  readonly onAnswered: () => void
  readonly onFailed: (error: unknown) => void
  readonly log: Logger
}

/** What a node sends regularly while it is connected. */
export interface Pulse {
  /** Tells the orchestrator at once if the description of this node has changed. */
  tellInfo(): void
  /** Tells it a moment later which executions the node has, once more. */
  tellHoldings(): void
  /** Tells it a moment later how much of this node is free: many changes in a row are one heartbeat. */
  tellLoad(): void
  stop(): void
}

const MAX_REQUEST_MS = 10_000
const LOAD_DELAY_MS = 20

/** Heartbeats (the first at once: it proves the way) and, when something has changed, the node's description. */
export function startPulse(options: PulseOptions): Pulse {
  return new RunningPulse(options)
}

class RunningPulse implements Pulse {
  readonly #options: PulseOptions
  readonly #timeoutMs: number
  readonly #beats: NodeJS.Timeout
  readonly #updates: NodeJS.Timeout
  #stopped = false
  #beating = false
  /** The load has changed since the heartbeat that is under way was written. */
  #changed = false
  /** Counts what was told of the holdings; `#toTell` is what has to be. */
  #told = 0
  #toTell = 1
  #soon: NodeJS.Timeout | undefined
  #updating = false
  /** Compared with what was last sent, not with what was last looked at: so no change is ever lost. */
  #lastSent: NodeInfo

  constructor(options: PulseOptions) {
    this.#options = options
    this.#lastSent = options.sent
    this.#timeoutMs = Math.min(MAX_REQUEST_MS, Math.max(1000, options.heartbeatIntervalMs))
    this.#beats = setInterval(() => void this.#beat(), options.heartbeatIntervalMs)
    this.#updates = setInterval(() => void this.#update(), options.infoIntervalMs)
    void this.#beat()
  }

  tellInfo(): void {
    if (!this.#stopped) void this.#update()
  }

  tellHoldings(): void {
    this.#toTell += 1
    this.tellLoad()
  }

  tellLoad(): void {
    if (this.#stopped) return
    this.#changed = this.#beating
    if (this.#beating) return
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      void this.#beat()
    }, LOAD_DELAY_MS)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#soon)
    clearInterval(this.#beats)
    clearInterval(this.#updates)
  }

  async #beat(): Promise<void> {
    const { link, talk, position, load, holdings, onUnwanted, onAnswered, onFailed } = this.#options
    if (this.#beating) return
    this.#beating = true
    this.#changed = false
    try {
      const telling = this.#toTell
      const executions = this.#told === telling ? undefined : holdings()
      const { unwanted } = await talk.heartbeat(link, { ...load(), position: position.value, executions }, this.#timeoutMs)
      if (this.#stopped) return
      if (executions !== undefined && unwanted !== 'later') {
        this.#told = telling
        if (unwanted !== undefined && unwanted.length > 0) onUnwanted(unwanted)
      }
      onAnswered()
    } catch (error) {
      if (!this.#stopped) onFailed(error)
    } finally {
      this.#beating = false
      this.#tellChange()
    }
  }

  #tellChange(): void {
    if (this.#changed) this.tellLoad()
  }

  async #update(): Promise<void> {
    const { link, talk, info, log } = this.#options
    const now = info()
    // One at a time; what changes meanwhile is seen at the next look.
    if (this.#updating || !staticInfoDiffers(this.#lastSent, now)) return
    this.#updating = true
    try {
      const { accepted, reason } = await talk.updateInfo(link, now)
      if (accepted) this.#lastSent = now
      else log.warn('The orchestrator did not take this node’s new description; it is offered again later.', { reason })
    } catch (error) {
      log.debug('This node’s new description could not be sent; it is offered again later.', { error })
    } finally {
      this.#updating = false
    }
  }
}
