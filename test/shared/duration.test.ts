import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration, tryParseDuration } from '../../shared/duration'

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['30s', 30_000],
    ['2h45m', 9_900_000],
    ['1h0m0s', 3_600_000],
    ['100ms', 100],
    ['1.5s', 1500],
    ['.5s', 500],
    ['-1m30s', -90_000],
    ['+5s', 5000],
    ['1500us', 1.5],
    ['1500µs', 1.5],
    ['250000ns', 0.25],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  it.each(['', 'soon', '5', '1d', 's', '1s2', '1 s', '-', '1.s.', '١s', '999999999999h'])('refuses "%s"', (text) => {
    expect(tryParseDuration(text)).toBeUndefined()
    expect(() => parseDuration(text)).toThrow(RangeError)
  })

  it('never throws anything else', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof (tryParseDuration(text) ?? 0) === 'number'))
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [90_000, '1m30s'],
    [60_000, '1m0s'],
    [3_600_000, '1h0m0s'],
    [86_400_000, '24h0m0s'],
    [100, '100ms'],
    [1500, '1.5s'],
    [1.5, '1.5ms'],
    [0.0015, '1.5µs'],
    [0.000001, '1ns'],
    [-500, '-500ms'],
  ])('writes %d ms as Go does', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  it('is read back as the same time', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBeCloseTo(milliseconds, 3)
      }),
    )
  })
})
