import { awayReasons, isOutage } from '../presence/presence'
import type { Presence } from '../presence/presence'

/**
 * Whether work is left on a node. `grace`: it is not there at this moment, but so short that it may come back to the work that it keeps.
 */
export type Standing = 'connected' | 'grace' | 'lost'

/** How long a node that is away may come back before its work is given up. Milliseconds. */
export interface StandingTimes {
  /** A node whose socket is gone may come back within. */
  readonly socketGraceMs: number
  /** After a start of the orchestrator, or an end of the NATS server: a node without any connection has so long for one, from the end of its last one. */
  readonly restartGraceMs: number
  /** After a start of the orchestrator: a node with a connection has so long for its handshake. */
  readonly handshakeGraceMs: number
}

/** Times are of one clock, in milliseconds. `until` tells when a grace ends. */
export function standingOf(
  presence: Presence,
  facts: {
    readonly hasSocket: boolean
    /** When the node's last connection ended; undefined where none is known of. */
    readonly socketEndedAt: number | undefined
    readonly startedAt: number
    readonly cutOffAt: number | undefined
    readonly now: number
  },
  times: StandingTimes,
): { readonly standing: Standing; readonly until?: number } {
  const { hasSocket, socketEndedAt, startedAt, cutOffAt, now } = facts
  const grace = (until: number): { readonly standing: Standing; readonly until?: number } =>
    now < until ? { standing: 'grace', until } : { standing: 'lost' }
  switch (presence.kind) {
    case 'connected':
      return { standing: 'connected' }
    case 'cut-off':
      return grace((cutOffAt ?? now) + (isOutage(presence.reason) ? times.restartGraceMs : times.socketGraceMs))
    case 'away':
      if (presence.reason !== awayReasons.restart) return { standing: 'lost' }
      if (hasSocket) return grace(startedAt + times.handshakeGraceMs)
      // Bacalhau's nodes close the connection that outlived the restart, and shake hands over a new one: half a minute after the start, by their timers.
      return grace(Math.max(startedAt, socketEndedAt ?? startedAt) + times.restartGraceMs)
  }
}
