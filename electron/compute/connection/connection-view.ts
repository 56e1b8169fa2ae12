import type { ComputeConnection } from '../../../shared/http/routes'
import type { Phase } from './connection-policy'

/** A wait that short is only the spreading of many handshakes: nobody needs to read about it. */
const BLINK_MS = 150

/** The phase as the API and the window show it. `address`: of the first configured orchestrator, while none is reached. */
export function viewConnection(phase: Phase, address: string): ComputeConnection {
  switch (phase.kind) {
    case 'stopped':
      return { kind: 'stopped' }
    case 'dialling':
      return { kind: 'connecting', since: phase.since, address }
    case 'shaking-hands':
      return { kind: 'connecting', since: phase.since, address: phase.peer.address }
    case 'connected': {
      const { since, peer, lastHeartbeatAt } = phase
      return {
        kind: 'connected',
        since,
        address: peer.address,
        serverName: peer.serverName,
        ...(lastHeartbeatAt === undefined ? {} : { lastHeartbeatAt }),
      }
    }
    case 'offline':
      return wait(phase)
    case 'waiting':
      if (phase.peer !== undefined && phase.nextTryAt - phase.since <= BLINK_MS)
        return { kind: 'connecting', since: phase.since, address: phase.peer.address }
      return wait(phase)
  }
}

function wait({ since, nextTryAt, attempt, failure }: Extract<Phase, { kind: 'waiting' | 'offline' }>): ComputeConnection {
  return { kind: 'waiting', since, nextTryAt, attempt, ...failure }
}
