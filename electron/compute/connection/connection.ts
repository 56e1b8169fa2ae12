import { type Failure, toFailure } from '../../../shared/errors'
import type { ComputeConnection, NodeConnection } from '../../../shared/http/routes'
import type { NodeInfo } from '../../../shared/models/node'
import type { Resources } from '../../../shared/models/resources'
import type { Logger } from '../../log/logger'
import type { LinkEvent, NatsLink } from '../../transport/link'
import { explainExchange, explainLoss, explainRefusal, explainRejection } from './connection-failures'
import { type ConnectionEvent, type Effect, type Peer, type Phase, step } from './connection-policy'
import { viewConnection } from './connection-view'
import type { OrchestratorTalk } from './orchestrator-talk'
import type { Position } from './position'
import { type Pulse, type PulseOptions, startPulse } from './pulse'

/** Time of day for what is told, and time that only goes forward for what is measured. */
export interface ConnectionClock {
  /** Unix ms. */
  now(): number
  monotonicMs(): number
}

/** What `createConnection` works with. */
export interface ConnectionOptions {
  readonly nodeId: string
  /** Opens a new link with the addresses and credentials as they are now. */
  readonly dial: () => Promise<NatsLink>
  /** Display form of the configured orchestrators, as they are now. */
  readonly configured: () => readonly string[]
  readonly talk: OrchestratorTalk
  readonly info: () => NodeInfo
  readonly load: () => { readonly available: Resources; readonly queued: Resources }
  readonly holdings: PulseOptions['holdings']
  readonly onUnwanted: PulseOptions['onUnwanted']
  /** A handshake sets it. */
  readonly position: Position
  /** Subscribes what the orchestrator sends on a new link; called before the handshake. */
  readonly listen: (link: NatsLink) => { stop(): void }
  /** Called after each handshake: what was not acknowledged may be sent again. */
  readonly onConnected: (link: NatsLink) => void
  readonly heartbeatIntervalMs: number
  readonly infoIntervalMs: number
  readonly clock: ConnectionClock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
}

/** A node's connection to an orchestrator, kept up for ever. */
export interface OrchestratorConnection {
  readonly state: ComputeConnection
  describe(): NodeConnection
  onChange(listener: (state: ComputeConnection) => void): () => void
  start(): void
  /** Token or addresses have changed: connects anew at once. */
  reconfigure(): void
  /** What this node says of itself has changed. */
  infoChanged(): void
  /** Which executions it has is known only now. */
  holdingsChanged(): void
  /** How much of it is free has changed. */
  loadChanged(): void
  /** Tells the orchestrator, at most for a second, then closes. Never rejects. */
  stop(): Promise<void>
}

const NOTICE_LIMIT_MS = 700

/** Is not there before `start`. */
export function createConnection(options: ConnectionOptions): OrchestratorConnection {
  return new KeptConnection(options)
}

/** The effects of `connection-policy.ts`: links, requests, timers, log lines. */
class KeptConnection implements OrchestratorConnection {
  readonly #options: ConnectionOptions
  readonly #listeners = new Set<(state: ComputeConnection) => void>()
  #phase: Phase = { kind: 'stopped' }
  #live: { readonly link: NatsLink; readonly release: () => void } | undefined
  /** Answers to an earlier dial or handshake are none of ours. */
  #dials = 0
  #handshakes = 0
  #timer: NodeJS.Timeout | undefined
  #pulse: Pulse | undefined
  #lastTold = ''
  #lastSent: NodeInfo | undefined
  #stopping: Promise<void> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get state(): ComputeConnection {
    return viewConnection(this.#phase, this.#addressNow())
  }

  describe(): NodeConnection {
    const current = this.#live?.link.server?.address
    const list = (addresses: readonly string[], source: 'configured' | 'gossip') =>
      addresses.map((address) => ({ address, source, current: address === current }))
    return {
      connection: this.state,
      orchestrators: [...list(this.#options.configured(), 'configured'), ...list(this.#live?.link.servers.discovered ?? [], 'gossip')],
    }
  }

  onChange(listener: (state: ComputeConnection) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    this.#feed({ kind: 'start' })
  }

  reconfigure(): void {
    clearTimeout(this.#timer)
    this.#lastTold = ''
    this.#feed({ kind: 'reconfigured' })
  }

  infoChanged(): void {
    this.#pulse?.tellInfo()
  }

  holdingsChanged(): void {
    this.#pulse?.tellHoldings()
  }

  loadChanged(): void {
    this.#pulse?.tellLoad()
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop())
  }

  #feed(event: ConnectionEvent): void {
    const { clock, random, heartbeatIntervalMs } = this.#options
    const before = this.#phase
    const next = step(before, event, { now: clock.now(), monotonicMs: clock.monotonicMs(), random: random(), heartbeatIntervalMs })
    this.#phase = next.phase
    if (next.phase !== before) this.#tell(before, event)
    for (const effect of next.effects) this.#run(effect)
  }

  #run(effect: Effect): void {
    switch (effect.kind) {
      case 'dial':
        return void this.#dialAnew()
      case 'shake-hands':
        return void this.#shakeHands()
      case 'start-heartbeats':
        return this.#startHeartbeats()
      case 'stop-heartbeats':
        return this.#pulse?.stop()
      case 'set-timer':
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => this.#feed({ kind: 'timer' }), effect.ms)
        return
    }
  }

  #tell(before: Phase, event: ConnectionEvent): void {
    const phase = this.#phase
    if (phase.kind === 'connected' && before.kind !== 'connected') {
      this.#options.log.info(`Joined the orchestrator at ${phase.peer.address}.`, { server: phase.peer.serverName })
    } else if (phase.kind === 'waiting' && 'failure' in event) this.#tellFailure(phase.failure) // What happens to a link is told by the link.
    if (event.kind === 'heartbeat-answered') this.#lastTold = ''
    const { state } = this
    for (const listener of [...this.#listeners]) listener(state)
  }

  /** One line for each new reason; the same one again and again is only for those who look closely. */
  #tellFailure({ code, message, hint }: Failure): void {
    const { log } = this.#options
    const text = `${message} Trying again.`
    const fields = { code, ...(hint === undefined ? {} : { hint }) }
    if (text === this.#lastTold) log.debug(text, fields)
    else log.warn(text, fields)
    this.#lastTold = text
  }

  async #dialAnew(): Promise<void> {
    const mine = (this.#dials += 1)
    this.#drop()
    try {
      const link = await this.#options.dial()
      if (mine === this.#dials) this.#adopt(link)
      else await link.close()
    } catch (error) {
      if (mine === this.#dials) this.#feed({ kind: 'dial-failed', failure: toFailure(error) })
    }
  }

  #adopt(link: NatsLink): void {
    const subscriptions = this.#options.listen(link)
    const off = link.on((event) => this.#onLinkEvent(event))
    this.#live = {
      link,
      release: () => {
        off()
        subscriptions.stop()
      },
    }
    const { server } = link
    if (server === undefined) this.#feed({ kind: 'link-down', failure: explainLoss('the server closed the connection', this.#addressNow()) })
    else this.#feed({ kind: 'link-up', peer: peerOf(server), again: false })
  }

  #onLinkEvent(event: LinkEvent): void {
    if (event.kind === 'connected') this.#feed({ kind: 'link-up', peer: peerOf(event.server), again: true })
    else if (event.kind === 'disconnected') {
      this.#handshakes += 1
      this.#feed({ kind: 'link-down', failure: explainLoss(event.reason, this.#lastAddress()) })
    } else if (event.kind === 'refused') this.#feed({ kind: 'link-refused', failure: explainRefusal(event.reason) })
    else if (event.kind === 'servers' && event.discovered.length > 0)
      this.#options.log.info('Learnt of more orchestrators.', { discovered: event.discovered })
  }

  #drop(): void {
    const old = this.#letGo()
    old?.release()
    void old?.link.close()
  }

  /** Takes the link out of use, if there is one, and with it every handshake that is under way. */
  #letGo(): { readonly link: NatsLink; readonly release: () => void } | undefined {
    const old = this.#live
    this.#live = undefined
    this.#handshakes += 1
    return old
  }

  async #shakeHands(): Promise<void> {
    if (this.#live === undefined) return
    const { talk, position, nodeId, info, onConnected } = this.#options
    const mine = (this.#handshakes += 1)
    const { link } = this.#live
    const told = info()
    const address = this.#lastAddress()
    const release = position.hold()
    try {
      const answer = await talk.shakeHands(link, told, position.value)
      if (mine !== this.#handshakes) return
      if (!answer.accepted) return this.#feed({ kind: 'handshake-failed', failure: explainRejection(answer.reason, nodeId, address) })
      position.value = answer.position
      this.#lastSent = told
      this.#feed({ kind: 'handshake-accepted' })
      onConnected(link)
    } catch (error) {
      if (mine === this.#handshakes) this.#feed({ kind: 'handshake-failed', failure: explainExchange(error, address) })
    } finally {
      release()
    }
  }

  #startHeartbeats(): void {
    if (this.#live === undefined || this.#lastSent === undefined) return
    this.#pulse?.stop()
    this.#pulse = startPulse({
      ...this.#options,
      link: this.#live.link,
      sent: this.#lastSent,
      onAnswered: () => this.#feed({ kind: 'heartbeat-answered' }),
      onFailed: (error) => this.#feed({ kind: 'heartbeat-failed', failure: explainExchange(error, this.#lastAddress()) }),
    })
  }

  async #stop(): Promise<void> {
    const { talk, position, log } = this.#options
    const wasConnected = this.#phase.kind === 'connected'
    clearTimeout(this.#timer)
    this.#dials += 1
    this.#feed({ kind: 'stop' })
    const old = this.#letGo()
    if (old === undefined) return
    old.release()
    if (wasConnected && old.link.server !== undefined) {
      await talk
        .noticeShutdown(old.link, position.value, NOTICE_LIMIT_MS)
        .catch((error: unknown) => log.debug('The orchestrator did not take the notice that this node stops.', { error }))
    }
    await old.link.close()
  }

  #addressNow(): string {
    return this.#live?.link.server?.address ?? this.#options.configured()[0] ?? ''
  }

  #lastAddress(): string {
    const phase = this.#phase
    return 'peer' in phase && phase.peer !== undefined ? phase.peer.address : this.#addressNow()
  }
}

function peerOf({ address, serverName }: Peer): Peer {
  return { address, serverName }
}
