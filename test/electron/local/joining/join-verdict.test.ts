import { describe, expect, it } from 'vitest'
import { joinVerdict } from '../../../../electron/local/joining/join-verdict'

const running = { kind: 'running', since: 1, pid: 2, restarts: 0 } as const
const failure = { code: 'x.y', message: 'no' }

describe('joinVerdict', () => {
  it('is open while the node is on its way', () => {
    expect(joinVerdict({ state: { kind: 'starting', since: 1 }, connection: undefined })).toBeUndefined()
    expect(joinVerdict({ state: running, connection: { kind: 'connecting', since: 1, address: 'a' } })).toBeUndefined()
    expect(joinVerdict({ state: running, connection: { kind: 'connected', since: 1, address: 'a', serverName: 's' } })).toBeUndefined()
  })

  it('is good with the first heartbeat', () => {
    expect(joinVerdict({ state: running, connection: { kind: 'connected', since: 1, address: 'a', serverName: 's', lastHeartbeatAt: 3 } })).toEqual({
      kind: 'joined',
    })
  })

  it('takes the first obstacle, of the process or of the connection', () => {
    expect(joinVerdict({ state: { kind: 'failed', since: 1, failure }, connection: undefined })).toEqual({ kind: 'failed', failure })
    const waiting = { kind: 'waiting', since: 1, nextTryAt: 2, attempt: 1, code: 'nats.refused', message: 'wrong token', hint: 'h' } as const
    expect(joinVerdict({ state: running, connection: waiting })).toEqual({
      kind: 'failed',
      failure: { code: 'nats.refused', message: 'wrong token', hint: 'h' },
    })
  })
})
