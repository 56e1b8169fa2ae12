import type { LastSeen } from './node-changes'
import type { LiveNode } from './node-view'
import { awayReasons } from '../presence/presence'
import type { Presence } from '../presence/presence'

/** What to remember of a node, so that the list can show it after a restart. */
export function lastSeen({ presence, orchestratorSequence, computeSequence }: LiveNode): LastSeen {
  const past = presence.kind === 'away' ? presence : presence.session
  const gone = presence.kind === 'connected' ? undefined : presence
  return {
    connected: presence.kind === 'connected',
    ...(past.connectedSince === undefined ? {} : { connectedSince: past.connectedSince }),
    ...(gone?.at === undefined ? {} : { disconnectedSince: gone.at }),
    ...(past.lastHeartbeatAt === undefined ? {} : { lastHeartbeat: past.lastHeartbeatAt }),
    ...(gone?.reason === undefined ? {} : { lastError: gone.reason }),
    orchestratorSequence,
    computeSequence,
  }
}

/** A known node right after a start of the orchestrator: away until it shakes hands, for the reason that is on record, or because of the restart. */
export function rememberedNode(seen: LastSeen | undefined, startedAt: number): LiveNode {
  const restarted: Presence = { kind: 'away', at: startedAt, reason: awayReasons.restart }
  if (seen === undefined) return { presence: restarted, orchestratorSequence: 0, computeSequence: 0 }
  const { orchestratorSequence, computeSequence } = seen
  const past = {
    ...(seen.connectedSince === undefined ? {} : { connectedSince: seen.connectedSince }),
    ...(seen.lastHeartbeat === undefined ? {} : { lastHeartbeatAt: seen.lastHeartbeat }),
  }
  if (seen.connected) return { presence: { ...restarted, ...past }, orchestratorSequence, computeSequence }
  const presence: Presence = {
    kind: 'away',
    ...past,
    ...(seen.disconnectedSince === undefined ? {} : { at: seen.disconnectedSince }),
    ...(seen.lastError === undefined ? {} : { reason: seen.lastError }),
  }
  return { presence, orchestratorSequence, computeSequence }
}
