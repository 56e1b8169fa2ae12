import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ackBytes, nackBytes, nackDelayMs, refusalIn } from '../../../../electron/transport/ncl/acknowledgement'
import type { LinkMessage } from '../../../../electron/transport/link'
import { recordedMessages } from '../../../fixtures/wire/recorded'

const answerOf = (data: Uint8Array, status = 0): LinkMessage => ({ subject: '_INBOX.a.1', reply: undefined, data, header: () => undefined, status })

describe('acknowledgements', () => {
  it('are two bytes, and a nack has its delay in nanoseconds', () => {
    expect(Buffer.from(ackBytes).toString('hex')).toBe('7b7d')
    expect(Buffer.from(nackBytes('no', 100)).toString()).toBe('{"error":"no","delay":100000000}')
    expect([1, 2, 6, 7, 2000].map(nackDelayMs)).toEqual([100, 200, 3200, 5000, 5000])
  })

  it('are understood as the recorded ones were meant', () => {
    const acks = recordedMessages().filter(({ decoded, subject }) => subject.startsWith('_INBOX.') && JSON.stringify(decoded) === '{}')
    const nacks = recordedMessages().filter(
      ({ decoded }) => typeof decoded === 'object' && decoded !== null && 'error' in decoded && 'delay' in decoded,
    )
    expect(acks.length).toBeGreaterThan(0)
    expect(nacks.length).toBeGreaterThan(0)
    for (const { data } of acks) expect(refusalIn(answerOf(data), 's')).toBeUndefined()
    for (const { data, decoded } of nacks) {
      const error = refusalIn(answerOf(data), 's')
      expect(error?.code).toBe('ack.refused')
      expect(error?.message).toContain((decoded as { error: string }).error)
    }
  })

  it('are never taken from an empty answer or from no responders', () => {
    expect(refusalIn(answerOf(new Uint8Array(0)), 's')?.code).toBe('ack.empty')
    expect(refusalIn(answerOf(new Uint8Array(0), 503), 's')?.code).toBe('nats.no-responders')
  })

  it('can be anything without harm', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (data) => {
          const error = refusalIn(answerOf(data), 's')
          if (error !== undefined) expect(error.code).toMatch(/^ack\./)
        },
      ),
    )
  })
})
