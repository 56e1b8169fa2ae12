import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awayReasons, beat, cutOff, leave, rejoin } from '../../../../electron/orchestrator/presence/presence'
import type { Presence } from '../../../../electron/orchestrator/presence/presence'

const session = { connectedSince: 1, lastHeartbeatAt: 2, beatAt: 3, handshakeAt: 4, available: { CPU: 1 }, queued: {}, running: 0, enqueued: 0 }
const connected: Presence = { kind: 'connected', session }
const heartbeat = { at: 50, beatAt: 60, available: { CPU: 2 }, queued: { CPU: 1 } }

describe('presence', () => {
  it('a lost socket keeps the session, and NATS’s word for it', () => {
    const gone = cutOff(connected, 10, 'Client Closed')
    expect(gone).toEqual({ kind: 'cut-off', session, at: 10, reason: 'connection lost: Client Closed' })
    expect(cutOff(gone, 11, 'Stale Connection')).toBe(gone)
    expect(rejoin(gone, 12)).toEqual({ kind: 'connected', session: { ...session, connectedSince: 12 } })
    expect(beat(gone, heartbeat)).toEqual({
      kind: 'connected',
      session: { ...session, connectedSince: 50, lastHeartbeatAt: 50, beatAt: 60, available: { CPU: 2 }, queued: { CPU: 1 } },
    })
  })

  it('a heartbeat does not move the time since which a node is connected', () => {
    expect(beat(connected, heartbeat)).toMatchObject({ session: { connectedSince: 1, lastHeartbeatAt: 50 } })
  })

  it('silence after a lost socket does not hide the first reason; a notice or a rejection does', () => {
    const gone = cutOff(connected, 10, 'Read Error')
    expect(leave(gone, 99, awayReasons.silence)).toMatchObject({ kind: 'away', at: 10, reason: 'connection lost: Read Error' })
    expect(leave(gone, 99, awayReasons.rejected)).toMatchObject({
      kind: 'away',
      at: 99,
      reason: 'node rejected',
      connectedSince: 1,
      lastHeartbeatAt: 2,
    })
    expect(leave(connected, 99, awayReasons.shutdown)).toMatchObject({ kind: 'away', at: 99, reason: 'graceful shutdown' })
  })

  it('whatever happens, only a session can beat, and a node that is away stays so until a handshake', () => {
    const event = fc.constantFrom('cut', 'rejoin', 'beat', 'shutdown', 'silence', 'reject')
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        let presence: Presence = connected
        let left = false
        for (const one of events) {
          if (one === 'cut') presence = cutOff(presence, 1, 'x')
          else if (one === 'rejoin') presence = rejoin(presence, 1)
          else if (one === 'beat') presence = beat(presence, heartbeat) ?? presence
          else {
            presence = leave(presence, 1, one === 'shutdown' ? awayReasons.shutdown : one === 'silence' ? awayReasons.silence : awayReasons.rejected)
            left = true
          }
          expect(presence.kind === 'away').toBe(left)
          if (presence.kind !== 'connected') expect(presence.reason).toBeTruthy()
        }
      }),
    )
  })
})
