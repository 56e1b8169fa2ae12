import type { NodeInfo } from '../../../shared/models/node'
import type { Resources } from '../../../shared/models/resources'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { staticInfoDiffers } from '../node-info'
import type { OrchestratorTalk } from './orchestrator-talk'
import type { Position } from './position'

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
export function startPulse({
  link,
  talk,
  position,
  sent,
  info,
  load,
  holdings,
  onUnwanted,
  heartbeatIntervalMs,
  infoIntervalMs,
  onAnswered,
  onFailed,
  log,
}: PulseOptions): Pulse {
  const timeoutMs = Math.min(MAX_REQUEST_MS, Math.max(1000, heartbeatIntervalMs))
  let stopped = false
  let beating = false
  /** The load has changed since the heartbeat that is under way was written. */
  let changed = false
  /** Counts what was told of them; `toTell` is what has to be. */
  let [told, toTell] = [0, 1]
  let soon: NodeJS.Timeout | undefined
  /** Compared with what was last sent, not with what was last looked at: so no change is ever lost. */
  let lastSent = sent

  const beat = async (): Promise<void> => {
    if (beating) return
    beating = true
    changed = false
    try {
      const telling = toTell
      const executions = told === telling ? undefined : holdings()
      const { unwanted } = await talk.heartbeat(link, { ...load(), position: position.value, executions }, timeoutMs)
      if (stopped) return
      if (executions !== undefined && unwanted !== 'later') {
        told = telling
        if (unwanted !== undefined && unwanted.length > 0) onUnwanted(unwanted)
      }
      onAnswered()
    } catch (error) {
      if (!stopped) onFailed(error)
    } finally {
      beating = false
      tellChange()
    }
  }

  const tellChange = (): void => {
    if (changed) tellLoad()
  }

  const tellLoad = (): void => {
    if (stopped) return
    changed = beating
    if (beating) return
    soon ??= setTimeout(() => {
      soon = undefined
      void beat()
    }, LOAD_DELAY_MS)
  }

  let updating = false
  const update = async (): Promise<void> => {
    const now = info()
    // One at a time; what changes meanwhile is seen at the next look.
    if (updating || !staticInfoDiffers(lastSent, now)) return
    updating = true
    try {
      const { accepted, reason } = await talk.updateInfo(link, now)
      if (accepted) lastSent = now
      else log.warn('The orchestrator did not take this node’s new description; it is offered again later.', { reason })
    } catch (error) {
      log.debug('This node’s new description could not be sent; it is offered again later.', { error })
    } finally {
      updating = false
    }
  }

  const beats = setInterval(() => void beat(), heartbeatIntervalMs)
  const updates = setInterval(() => void update(), infoIntervalMs)
  void beat()
  return {
    tellInfo: () => {
      if (!stopped) void update()
    },
    tellHoldings: () => {
      toTell += 1
      tellLoad()
    },
    tellLoad,
    stop: () => {
      stopped = true
      clearTimeout(soon)
      clearInterval(beats)
      clearInterval(updates)
    },
  }
}
