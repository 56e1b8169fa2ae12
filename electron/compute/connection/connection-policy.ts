import type { Failure } from '../../../shared/errors'

/** The server a link is connected to, as far as the policy needs it. */
export interface Peer {
  /** `scheme://host:port`, without userinfo. */
  readonly address: string
  readonly serverName: string
}

/**
 * Where a node is on its way to an orchestrator. `attempt` counts failures since the last heartbeat that was answered.
 * `since`, `nextTryAt` are Unix ms; `provenAt` is on the monotonic clock.
 */
export type Phase =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'dialling'; readonly since: number; readonly attempt: number }
  | { readonly kind: 'shaking-hands'; readonly since: number; readonly attempt: number; readonly peer: Peer }
  | {
      readonly kind: 'connected'
      readonly since: number
      readonly attempt: number
      readonly peer: Peer
      /** When the orchestrator last proved that it knows us. */
      readonly provenAt: number
      readonly lastHeartbeatAt?: number
    }
  /** The link lost its server and looks for one by itself; `nextTryAt` is when it may try next, as far as can be told from here. */
  | { readonly kind: 'offline'; readonly since: number; readonly attempt: number; readonly nextTryAt: number; readonly failure: Failure }
  | {
      readonly kind: 'waiting'
      readonly since: number
      readonly attempt: number
      readonly nextTryAt: number
      readonly failure: Failure
      readonly peer?: Peer
    }

/** All that can happen to a connection. */
export type ConnectionEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'dial-failed'; readonly failure: Failure }
  /** Dialled, or the link found a server again. */
  | { readonly kind: 'link-up'; readonly peer: Peer; readonly again: boolean }
  | { readonly kind: 'link-down'; readonly failure: Failure }
  /** The link found a server that does not want our credentials; it goes on trying. */
  | { readonly kind: 'link-refused'; readonly failure: Failure }
  | { readonly kind: 'handshake-accepted' }
  | { readonly kind: 'handshake-failed'; readonly failure: Failure }
  | { readonly kind: 'heartbeat-answered' }
  | { readonly kind: 'heartbeat-failed'; readonly failure: Failure }
  | { readonly kind: 'timer' }
  /** Token or addresses have changed. */
  | { readonly kind: 'reconfigured' }
  | { readonly kind: 'stop' }

/** What is to be done next; the phase has changed already. */
export type Effect =
  /** Open a new link, dropping any old one. */
  | { readonly kind: 'dial' }
  | { readonly kind: 'shake-hands' }
  /** Heartbeats belong to the phase `connected` alone. */
  | { readonly kind: 'start-heartbeats' }
  | { readonly kind: 'stop-heartbeats' }
  | { readonly kind: 'set-timer'; readonly ms: number }

interface Step {
  readonly phase: Phase
  readonly effects: readonly Effect[]
}

/** Time and chance, as arguments: the policy itself is pure. */
export interface PolicyContext {
  /** Unix ms. */
  readonly now: number
  /** Only goes forward, also when the wall clock is put back. */
  readonly monotonicMs: number
  /** In [0, 1). */
  readonly random: number
  readonly heartbeatIntervalMs: number
}

/** Bacalhau's orchestrator answers with this code to a node that it has no data plane for. */
export const HANDSHAKE_REQUIRED = 'HandshakeRequired'
/** The server is there, but nobody listens on the orchestrator's subjects: an orchestrator that is starting, or none. */
export const NO_ORCHESTRATOR = 'orchestrator.absent'

const FIRST_DELAY_MS = 250
const MAX_DELAY_MS = 10_000
/** After a restart of the orchestrator all its nodes come at once: they need not come in the same millisecond. */
const REUNION_SPREAD_MS = 100
/** How soon a link that lost its server tries again, and how late one that was refused (`reconnect-policy.ts` of the transport). */
const LINK_RETRY_MS = 500
const REFUSED_RETRY_MS = 5_000
/** As in Bacalhau: that many intervals without an answered heartbeat, and the connection is given up. */
const MISSED_INTERVALS = 5

/** How long to wait after the `attempt`-th failure in a row (from 1): 250 ms, doubling to 10 s, a quarter more or less. */
export function retryDelayMs(attempt: number, random: number): number {
  const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt - 1, 20))
  return Math.round(delay * (0.75 + random / 2))
}

/**
 * The whole policy of a node's connection, pure: what happens next, and what is to be done for it.
 * Events that do not fit the phase (an answer that came too late) change nothing.
 */
export function step(phase: Phase, event: ConnectionEvent, context: PolicyContext): Step {
  switch (event.kind) {
    case 'start':
      return phase.kind === 'stopped' ? dial(0, context) : stay(phase)
    case 'stop':
      return { phase: { kind: 'stopped' }, effects: leave(phase) }
    case 'reconfigured':
      return phase.kind === 'stopped' ? stay(phase) : { ...dial(0, context), effects: [...leave(phase), { kind: 'dial' }] }
    case 'dial-failed':
      return phase.kind === 'dialling' ? wait(phase, event.failure, context) : stay(phase)
    case 'link-up':
      return phase.kind === 'stopped' ? stay(phase) : meet(phase, event, context)
    case 'link-down':
      if (!isUp(phase) && phase.kind !== 'dialling') return stay(phase)
      return {
        phase: { kind: 'offline', since: context.now, attempt: phase.attempt, nextTryAt: context.now + LINK_RETRY_MS, failure: event.failure },
        effects: leave(phase),
      }
    case 'link-refused':
      if (phase.kind !== 'offline') return stay(phase)
      return stay({ ...phase, attempt: phase.attempt + 1, nextTryAt: context.now + REFUSED_RETRY_MS, failure: event.failure })
    case 'handshake-accepted':
      return phase.kind === 'shaking-hands' ? connected(phase, context) : stay(phase)
    case 'handshake-failed':
      return phase.kind === 'shaking-hands' ? wait(phase, event.failure, context) : stay(phase)
    case 'heartbeat-answered':
      return phase.kind === 'connected' ? stay({ ...phase, attempt: 0, provenAt: context.monotonicMs, lastHeartbeatAt: context.now }) : stay(phase)
    case 'heartbeat-failed':
      return phase.kind === 'connected' ? missed(phase, event.failure, context) : stay(phase)
    case 'timer':
      return phase.kind === 'waiting' ? tryAgain(phase, context) : stay(phase)
  }
}

type Connected = Extract<Phase, { kind: 'connected' }>
type Waiting = Extract<Phase, { kind: 'waiting' }>
type Up = Extract<Phase, { kind: 'shaking-hands' | 'connected' }> | (Waiting & { readonly peer: Peer })

function isUp(phase: Phase): phase is Up {
  return phase.kind === 'shaking-hands' || phase.kind === 'connected' || (phase.kind === 'waiting' && phase.peer !== undefined)
}

function stay(phase: Phase): Step {
  return { phase, effects: [] }
}

function leave(phase: Phase): Effect[] {
  return phase.kind === 'connected' ? [{ kind: 'stop-heartbeats' }] : []
}

function dial(attempt: number, { now }: PolicyContext): Step {
  return { phase: { kind: 'dialling', since: now, attempt }, effects: [{ kind: 'dial' }] }
}

function shakeHands(attempt: number, peer: Peer, { now }: PolicyContext): Step {
  return { phase: { kind: 'shaking-hands', since: now, attempt, peer }, effects: [{ kind: 'shake-hands' }] }
}

/** A link that comes back means that the server was away, and with it, as a rule, all that the orchestrator knew of our connection. */
function meet(
  phase: Exclude<Phase, { kind: 'stopped' }>,
  { peer, again }: { readonly peer: Peer; readonly again: boolean },
  context: PolicyContext,
): Step {
  if (!again) {
    const next = shakeHands(phase.attempt, peer, context)
    return { ...next, effects: [...leave(phase), ...next.effects] }
  }
  const ms = Math.round(context.random * REUNION_SPREAD_MS)
  const failure: Failure = { code: 'nats.reconnected', message: `Connected to ${peer.address} again; about to introduce this node once more.` }
  return {
    phase: { kind: 'waiting', since: context.now, attempt: phase.attempt, nextTryAt: context.now + ms, failure, peer },
    effects: [...leave(phase), { kind: 'set-timer', ms }],
  }
}

function connected(phase: Extract<Phase, { kind: 'shaking-hands' }>, { now, monotonicMs }: PolicyContext): Step {
  return {
    phase: { kind: 'connected', since: now, attempt: phase.attempt, peer: phase.peer, provenAt: monotonicMs },
    effects: [{ kind: 'start-heartbeats' }],
  }
}

/** Failures of the link itself need a new link; all others are tried again on the living one. */
function wait(phase: Exclude<Phase, { kind: 'stopped' }>, failure: Failure, context: PolicyContext): Step {
  const attempt = phase.attempt + 1
  const ms = retryDelayMs(attempt, context.random)
  const peer = isUp(phase) ? { peer: phase.peer } : {}
  return {
    phase: { kind: 'waiting', since: context.now, attempt, nextTryAt: context.now + ms, failure, ...peer },
    effects: [...leave(phase), { kind: 'set-timer', ms }],
  }
}

function tryAgain(phase: Waiting, context: PolicyContext): Step {
  return phase.peer === undefined ? dial(phase.attempt, context) : shakeHands(phase.attempt, phase.peer, context)
}

function missed(phase: Connected, failure: Failure, context: PolicyContext): Step {
  if (failure.code === HANDSHAKE_REQUIRED) {
    // At once; but an orchestrator that never leaves it at one handshake is not asked in a tight loop.
    if (phase.lastHeartbeatAt === undefined) return wait(phase, failure, context)
    const next = shakeHands(1, phase.peer, context)
    return { ...next, effects: [...leave(phase), ...next.effects] }
  }
  if (failure.code === NO_ORCHESTRATOR) return wait(phase, failure, context)
  if (context.monotonicMs - phase.provenAt < MISSED_INTERVALS * context.heartbeatIntervalMs) return stay(phase)
  const next = dial(phase.attempt + 1, context)
  return { ...next, effects: [...leave(phase), ...next.effects] }
}
