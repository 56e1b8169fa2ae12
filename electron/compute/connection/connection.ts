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

/** The effects of `connection-policy.ts`: links, requests, timers, log lines. */
export function createConnection(options: ConnectionOptions): OrchestratorConnection {
  const { talk, position, clock, log, heartbeatIntervalMs } = options
  const listeners = new Set<(state: ComputeConnection) => void>()
  let phase: Phase = { kind: 'stopped' }
  let live: { readonly link: NatsLink; readonly release: () => void } | undefined
  /** Answers to an earlier dial or handshake are none of ours. */
  let dials = 0
  let handshakes = 0
  let timer: NodeJS.Timeout | undefined
  let pulse: Pulse | undefined
  let lastTold = ''
  let lastSent: NodeInfo | undefined

  const feed = (event: ConnectionEvent): void => {
    const before = phase
    const next = step(phase, event, { now: clock.now(), monotonicMs: clock.monotonicMs(), random: options.random(), heartbeatIntervalMs })
    phase = next.phase
    if (phase !== before) tell(before, event)
    for (const effect of next.effects) run(effect)
  }

  const run = (effect: Effect): void => {
    switch (effect.kind) {
      case 'dial':
        return void dialAnew()
      case 'shake-hands':
        return void shakeHands()
      case 'start-heartbeats':
        return startHeartbeats()
      case 'stop-heartbeats':
        return pulse?.stop()
      case 'set-timer':
        clearTimeout(timer)
        timer = setTimeout(() => feed({ kind: 'timer' }), effect.ms)
        return
    }
  }

  const addressNow = (): string => live?.link.server?.address ?? options.configured()[0] ?? ''

  const tell = (before: Phase, event: ConnectionEvent): void => {
    if (phase.kind === 'connected' && before.kind !== 'connected') {
      log.info(`Joined the orchestrator at ${phase.peer.address}.`, { server: phase.peer.serverName })
    } else if (phase.kind === 'waiting' && 'failure' in event) tellFailure(phase.failure) // What happens to a link is told by the link.
    if (event.kind === 'heartbeat-answered') lastTold = ''
    const state = viewConnection(phase, addressNow())
    for (const listener of [...listeners]) listener(state)
  }

  /** One line for each new reason; the same one again and again is only for those who look closely. */
  const tellFailure = ({ code, message, hint }: Failure): void => {
    const text = `${message} Trying again.`
    const fields = { code, ...(hint === undefined ? {} : { hint }) }
    if (text === lastTold) log.debug(text, fields)
    else log.warn(text, fields)
    lastTold = text
  }

  const dialAnew = async (): Promise<void> => {
    const mine = (dials += 1)
    drop()
    try {
      const link = await options.dial()
      if (mine === dials) adopt(link)
      else await link.close()
    } catch (error) {
      if (mine === dials) feed({ kind: 'dial-failed', failure: toFailure(error) })
    }
  }

  const adopt = (link: NatsLink): void => {
    const subscriptions = options.listen(link)
    const off = link.on((event) => onLinkEvent(event))
    live = {
      link,
      release: () => {
        off()
        subscriptions.stop()
      },
    }
    const { server } = link
    if (server === undefined) feed({ kind: 'link-down', failure: explainLoss('the server closed the connection', addressNow()) })
    else feed({ kind: 'link-up', peer: peerOf(server), again: false })
  }

  const onLinkEvent = (event: LinkEvent): void => {
    if (event.kind === 'connected') feed({ kind: 'link-up', peer: peerOf(event.server), again: true })
    else if (event.kind === 'disconnected') {
      handshakes += 1
      feed({ kind: 'link-down', failure: explainLoss(event.reason, lastAddress()) })
    } else if (event.kind === 'refused') feed({ kind: 'link-refused', failure: explainRefusal(event.reason) })
    else if (event.kind === 'servers' && event.discovered.length > 0) log.info('Learnt of more orchestrators.', { discovered: event.discovered })
  }

  const lastAddress = (): string => ('peer' in phase && phase.peer !== undefined ? phase.peer.address : addressNow())

  const drop = (): void => {
    const old = live
    live = undefined
    handshakes += 1
    if (old === undefined) return
    old.release()
    void old.link.close()
  }

  const shakeHands = async (): Promise<void> => {
    if (live === undefined) return
    const mine = (handshakes += 1)
    const { link } = live
    const info = options.info()
    const address = lastAddress()
    const release = position.hold()
    try {
      const answer = await talk.shakeHands(link, info, position.value)
      if (mine !== handshakes) return
      if (!answer.accepted) return feed({ kind: 'handshake-failed', failure: explainRejection(answer.reason, options.nodeId, address) })
      position.value = answer.position
      lastSent = info
      feed({ kind: 'handshake-accepted' })
      options.onConnected(link)
    } catch (error) {
      if (mine === handshakes) feed({ kind: 'handshake-failed', failure: explainExchange(error, address) })
    } finally {
      release()
    }
  }

  const startHeartbeats = (): void => {
    if (live === undefined || lastSent === undefined) return
    const { link } = live
    pulse?.stop()
    pulse = startPulse({
      ...options,
      link,
      sent: lastSent,
      onAnswered: () => feed({ kind: 'heartbeat-answered' }),
      onFailed: (error) => feed({ kind: 'heartbeat-failed', failure: explainExchange(error, lastAddress()) }),
    })
  }

  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    const wasConnected = phase.kind === 'connected'
    clearTimeout(timer)
    dials += 1
    feed({ kind: 'stop' })
    const old = live
    live = undefined
    handshakes += 1
    if (old === undefined) return
    old.release()
    if (wasConnected && old.link.server !== undefined) {
      await talk
        .noticeShutdown(old.link, position.value, NOTICE_LIMIT_MS)
        .catch((error: unknown) => log.debug('The orchestrator did not take the notice that this node stops.', { error }))
    }
    await old.link.close()
  }

  return {
    get state() {
      return viewConnection(phase, addressNow())
    },
    describe: () => {
      const current = live?.link.server?.address
      const list = (addresses: readonly string[], source: 'configured' | 'gossip') =>
        addresses.map((address) => ({ address, source, current: address === current }))
      return {
        connection: viewConnection(phase, addressNow()),
        orchestrators: [...list(options.configured(), 'configured'), ...list(live?.link.servers.discovered ?? [], 'gossip')],
      }
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: () => feed({ kind: 'start' }),
    reconfigure: () => {
      clearTimeout(timer)
      lastTold = ''
      feed({ kind: 'reconfigured' })
    },
    infoChanged: () => pulse?.tellInfo(),
    holdingsChanged: () => pulse?.tellHoldings(),
    loadChanged: () => pulse?.tellLoad(),
    stop: () => (stopping ??= stop()),
  }
}

function peerOf({ address, serverName }: Peer): Peer {
  return { address, serverName }
}
