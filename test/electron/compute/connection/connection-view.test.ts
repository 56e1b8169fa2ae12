import { describe, expect, it } from 'vitest'
import { viewConnection } from '../../../../electron/compute/connection/connection-view'
import { computeConnectionSchema } from '../../../../shared/http/routes'

const peer = { address: 'nats://h:4222', serverName: 'orch' }
const failure = { code: 'nats.refused', message: 'No.', hint: 'Set it.' }

describe('a connection as others see it', () => {
  it.each([
    [{ kind: 'stopped' }, { kind: 'stopped' }],
    [
      { kind: 'dialling', since: 1, attempt: 0 },
      { kind: 'connecting', since: 1, address: 'nats://first' },
    ],
    [
      { kind: 'shaking-hands', since: 1, attempt: 0, peer },
      { kind: 'connecting', since: 1, address: peer.address },
    ],
    [
      { kind: 'connected', since: 1, attempt: 0, peer, provenAt: 9, lastHeartbeatAt: 5 },
      { kind: 'connected', since: 1, ...peer, lastHeartbeatAt: 5 },
    ],
    [
      { kind: 'waiting', since: 1, attempt: 2, nextTryAt: 501, failure },
      { kind: 'waiting', since: 1, attempt: 2, nextTryAt: 501, ...failure },
    ],
    [
      { kind: 'offline', since: 1, attempt: 1, nextTryAt: 501, failure },
      { kind: 'waiting', since: 1, attempt: 1, nextTryAt: 501, ...failure },
    ],
    // Only the spreading of handshakes, too short to read about.
    [
      { kind: 'waiting', since: 1, attempt: 0, nextTryAt: 80, failure, peer },
      { kind: 'connecting', since: 1, address: peer.address },
    ],
  ] as const)('%j', (phase, seen) => {
    expect(viewConnection(phase, 'nats://first')).toEqual(seen)
    expect(computeConnectionSchema.parse(viewConnection(phase, 'nats://first'))).toEqual(seen)
  })
})
