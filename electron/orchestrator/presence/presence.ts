import type { Resources } from '../../../shared/models/resources'

/** What is known of a node since its last handshake. Times are Unix milliseconds unless said otherwise. */
export interface Session {
  readonly connectedSince: number
  readonly lastHeartbeatAt: number
  /** When the last sign of life came, in awake time. */
  readonly beatAt: number
  /** When the handshake came, on the monotonic clock. */
  readonly handshakeAt: number
  readonly available: Resources
  readonly queued: Resources
  readonly running: number
  readonly enqueued: number
}

/**
 * Whether a node is there. `cut-off`: its socket is gone, but the session is kept, because real nodes come back on a new
 * connection without another handshake. `away`: only a handshake brings it back.
 */
export type Presence =
  | { readonly kind: 'connected'; readonly session: Session }
  | { readonly kind: 'cut-off'; readonly session: Session; readonly at: number; readonly reason: string }
  | { readonly kind: 'away'; readonly at?: number; readonly reason?: string; readonly connectedSince?: number; readonly lastHeartbeatAt?: number }

/** Why a node is away. Bacalhau's words, where it has some for the case. */
export const awayReasons = {
  shutdown: 'graceful shutdown',
  silence: 'heartbeat timeout',
  rejected: 'node rejected',
  restart: 'orchestrator restarted',
} as const

/** Why all sockets are gone at once: it is our server that has ended, not the nodes. */
export const outages = { gone: 'the NATS server is gone', restarted: 'the NATS server was restarted' } as const

const lost = (natsReason: string): string => `connection lost: ${natsReason === '' ? 'reason unknown' : natsReason}`

/** Whether a node is cut off through no fault of its own. */
export function isOutage(reason: string): boolean {
  return Object.values(outages).some((outage) => reason === lost(outage))
}

/** Its socket is gone. */
export function cutOff(presence: Presence, at: number, natsReason: string): Presence {
  if (presence.kind !== 'connected') return presence
  return { kind: 'cut-off', session: presence.session, at, reason: lost(natsReason) }
}

/** A connection of its own has come back to the session that was kept. */
export function rejoin(presence: Presence, at: number): Presence {
  if (presence.kind !== 'cut-off') return presence
  return { kind: 'connected', session: { ...presence.session, connectedSince: at } }
}

/** A heartbeat; `undefined` when there is no session for it, so that the node must shake hands. */
export function beat(
  presence: Presence,
  heartbeat: { readonly at: number; readonly beatAt: number; readonly available: Resources; readonly queued: Resources },
): Presence | undefined {
  if (presence.kind === 'away') return undefined
  const connectedSince = presence.kind === 'cut-off' ? heartbeat.at : presence.session.connectedSince
  const { at, beatAt, available, queued } = heartbeat
  return { kind: 'connected', session: { ...presence.session, connectedSince, lastHeartbeatAt: at, beatAt, available, queued } }
}

/** Ends the session. A node that was cut off before keeps the time and reason of that. */
export function leave(presence: Presence, at: number, reason: string): Presence {
  switch (presence.kind) {
    case 'connected':
      return { kind: 'away', at, reason, ...traces(presence.session) }
    case 'cut-off':
      return reason === awayReasons.silence
        ? { kind: 'away', at: presence.at, reason: presence.reason, ...traces(presence.session) }
        : { kind: 'away', at, reason, ...traces(presence.session) }
    case 'away':
      return reason === awayReasons.rejected ? { ...presence, at, reason } : presence
  }
}

function traces({ connectedSince, lastHeartbeatAt }: Session): { readonly connectedSince: number; readonly lastHeartbeatAt: number } {
  return { connectedSince, lastHeartbeatAt }
}
