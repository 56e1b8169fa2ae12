import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attemptTimeoutMs, reconnectDelayMs, refusedDelayMs } from '../../../../electron/transport/reconnect/reconnect-policy'

const random = fc.double({ min: 0, max: 1, noNaN: true })

describe('reconnectDelayMs', () => {
  it('begins within 20 to 50 ms and never exceeds 2 s', () => {
    fc.assert(
      fc.property(random, fc.nat(10_000), (chance, attempt) => {
        expect(reconnectDelayMs(0, chance)).toBeGreaterThanOrEqual(20)
        expect(reconnectDelayMs(0, chance)).toBeLessThanOrEqual(50)
        expect(reconnectDelayMs(attempt, chance)).toBeLessThanOrEqual(2000)
      }),
    )
  })

  it('never waits longer than half a second in the first twenty seconds', () => {
    let elapsed = 0
    for (let attempt = 0; elapsed < 20_000; attempt++) {
      expect(reconnectDelayMs(attempt, 1)).toBeLessThanOrEqual(500)
      elapsed += reconnectDelayMs(attempt, 1)
    }
  })

  it('grows, and spreads by chance', () => {
    const delays = Array.from({ length: 60 }, (_, attempt) => reconnectDelayMs(attempt, 1))
    expect(delays).toEqual([...delays].sort((one, other) => one - other))
    expect(reconnectDelayMs(10, 0)).toBeLessThan(reconnectDelayMs(10, 1) * 0.7)
  })
})

describe('refusedDelayMs', () => {
  it('grows up to five seconds', () => {
    expect([1, 2, 3, 6, 20, 2000].map((refusals) => refusedDelayMs(refusals, 1))).toEqual([200, 400, 800, 5000, 5000, 5000])
  })
})

describe('attemptTimeoutMs', () => {
  it('is short at first and never longer than it may be', () => {
    expect([0, 1, 2, 3, 5000].map((attempt) => attemptTimeoutMs(attempt, 2000))).toEqual([500, 1000, 2000, 2000, 2000])
    expect(attemptTimeoutMs(0, 100)).toBe(100)
  })
})
