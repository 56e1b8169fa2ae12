import type { NodeInfo } from '../../../shared/models/node'
import type { Resources } from '../../../shared/models/resources'
import { awakeAt, startAwakeClock, tick } from '../presence/awake-clock'
import { healthTimes, isSilent } from '../presence/health'
import { lastSeen } from '../nodes/last-seen'
import type { NodeChange } from '../nodes/node-changes'
import type { NodeTable } from '../nodes/node-table'
import type { Clock } from '../ports'
import { awayReasons, beat, cutOff, leave, rejoin } from '../presence/presence'
import type { Presence } from '../presence/presence'
import type { SocketEnd } from '../presence/socket-table'

interface SessionsOptions {
  readonly table: NodeTable
  /** The subscriptions to what nodes tell of their work, by node id: open while there is a session. */
  readonly dataPlane: { open(id: string): void; close(id: string): void }
  readonly clock: Clock
  /** `Orchestrator.NodeManager.DisconnectTimeout` in milliseconds, as it is now. */
  readonly disconnectTimeoutMs: () => number
  /** Keeps how a node was last seen. Nobody waits for it. */
  readonly remember: (change: NodeChange) => void
}

/** What a heartbeat tells of a node. */
interface Heartbeat {
  readonly available: Resources
  readonly queued: Resources
  readonly orchestratorSequence: number
}

/** The sessions of nodes: begun by a handshake, kept alive by heartbeats, ended by a notice, by silence or by us. */
export class Sessions {
  readonly #options: SessionsOptions
  #clock
  #timer: NodeJS.Timeout | undefined

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#clock = startAwakeClock(options.clock.monotonic())
    this.#scanLater()
  }

  has(id: string): boolean {
    return this.#options.table.live(id).presence.kind !== 'away'
  }

  computeSequence(id: string): number {
    return this.#options.table.live(id).computeSequence
  }

  /**
   * Begins a session, in place of one that may be open. The node's messages are listened to from here on.
   * @param isNew its registration has just been written, which tells as much as a note that it is here
   */
  begin(id: string, info: NodeInfo, orchestratorSequence: number, isNew: boolean): void {
    const { table, dataPlane, clock } = this.#options
    const { AvailableCapacity, QueueCapacity, RunningExecutions, EnqueuedExecutions } = info.ComputeNodeInfo
    dataPlane.open(id)
    const at = clock.now()
    const presence: Presence = {
      kind: 'connected',
      session: {
        connectedSince: at,
        lastHeartbeatAt: at,
        beatAt: this.#awake(),
        handshakeAt: clock.monotonic(),
        available: AvailableCapacity ?? {},
        queued: QueueCapacity ?? {},
        running: RunningExecutions,
        enqueued: EnqueuedExecutions,
      },
    }
    const before = table.live(id).presence
    table.update(id, (live) => ({ ...live, presence, orchestratorSequence }))
    if (before.kind !== 'connected' && !isNew) this.#remember(id)
  }

  /** `false`: there is no session, the node must shake hands. */
  heartbeat(id: string, { available, queued, orchestratorSequence }: Heartbeat): boolean {
    const { table, clock } = this.#options
    const presence = beat(table.live(id).presence, { at: clock.now(), beatAt: this.#awake(), available, queued })
    if (presence === undefined) return false
    table.update(id, (live) => ({ ...live, presence, orchestratorSequence }))
    return true
  }

  /** A node says that it stops. Where two share the name, the other one stays. `false`: there is no session. */
  shutdown(id: string, orchestratorSequence: number): boolean {
    const { table } = this.#options
    if (!this.has(id)) return false
    table.update(id, (live) => ({ ...live, orchestratorSequence }))
    if (table.live(id).conflict === undefined) this.end(id, awayReasons.shutdown)
    return true
  }

  /** Ends the session, if there is one; a handshake begins another. */
  end(id: string, reason: string): void {
    const { table, dataPlane, clock } = this.#options
    dataPlane.close(id)
    table.update(id, (live) => {
      const presence = leave(live.presence, clock.now(), reason)
      return presence === live.presence ? live : { ...live, presence }
    })
    this.#remember(id)
  }

  /** The node's last connection has ended. The session is kept until the node is back or silent for too long. */
  cutOff(id: string, end: SocketEnd): void {
    const { table } = this.#options
    const { presence } = table.live(id)
    const kind = presence.kind === 'away' && presence.reason === awayReasons.shutdown ? 'stopped' : 'lost'
    const { at, since, reason } = end
    table.update(id, (live) => ({ ...live, presence: cutOff(live.presence, at, reason), lastEnd: { kind, at, since, reason } }))
    if (presence.kind === 'connected') this.#remember(id)
  }

  /** A connection of the node listens again, without another handshake. */
  rejoin(id: string): void {
    const { table, clock } = this.#options
    if (table.live(id).presence.kind !== 'cut-off') return
    table.update(id, (live) => ({ ...live, presence: rejoin(live.presence, clock.now()) }))
    this.#remember(id)
  }

  /** A message of a node's work has been taken; its number goes into the answers to heartbeats. */
  tookMessage(id: string, sequence: number): void {
    this.#options.table.update(id, (live) => ({ ...live, computeSequence: sequence }))
  }

  /** What to keep of all nodes that are connected now, for the end of the orchestrator. */
  farewell(): NodeChange[] {
    const { table } = this.#options
    return table.ids().flatMap((id) => (table.isKnown(id) && this.has(id) ? [this.#seen(id)] : []))
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #awake(): number {
    return awakeAt(this.#clock, this.#options.clock.monotonic(), this.#times().longestGap)
  }

  #times() {
    return healthTimes(this.#options.disconnectTimeoutMs())
  }

  #scanLater(): void {
    this.#timer = setTimeout(() => {
      this.#scan()
      this.#scanLater()
    }, this.#times().scanEvery)
    this.#timer.unref()
  }

  #scan(): void {
    const { table, clock } = this.#options
    const times = this.#times()
    this.#clock = tick(this.#clock, clock.monotonic(), times.longestGap)
    for (const id of table.ids()) if (isSilent(table.live(id).presence, this.#clock.awake, times)) this.end(id, awayReasons.silence)
  }

  #remember(id: string): void {
    if (this.#options.table.isKnown(id)) this.#options.remember(this.#seen(id))
  }

  #seen(id: string): NodeChange {
    const { table, clock } = this.#options
    return { kind: 'node.seen', at: clock.now(), id, seen: lastSeen(table.live(id)) }
  }
}
