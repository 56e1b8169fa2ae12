import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { goTime, goTimeToMs, goTimeToNanoseconds, isGoTime, isZeroTime, ZERO_TIME } from '../../../shared/wire/times'

describe('goTime', () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [1_755_000_000_123, '2025-08-12T12:00:00.123Z'],
    [1_795_499_216_349_532_242n, '2026-11-24T05:46:56.349532242Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [1_500_000_000n, '1970-01-01T00:00:01.5Z'],
  ])('%s is %s', (moment, text) => {
    expect(goTime(moment)).toBe(text)
    expect(goTimeToNanoseconds(text)).toBe(typeof moment === 'bigint' ? moment : BigInt(moment) * 1_000_000n)
  })

  it('comes back as it was, to the nanosecond', () => {
    const moments = fc.bigInt({ min: -62_135_596_800_000_000_000n, max: 253_402_300_799_999_999_999n })
    fc.assert(fc.property(moments, (moment) => goTimeToNanoseconds(goTime(moment)) === moment))
  })
})

describe('goTimeToMs', () => {
  it('reads offsets and nine digits', () => {
    expect(goTimeToMs('2026-08-20T12:11:12.123456789+02:00')).toBe(Date.parse('2026-08-20T10:11:12.123Z'))
    expect(goTimeToMs('2026-08-20T10:11:12-00:30')).toBe(Date.parse('2026-08-20T10:41:12Z'))
  })

  it('knows the zero time', () => {
    expect(isZeroTime(ZERO_TIME)).toBe(true)
    expect(isZeroTime('2026-08-20T10:11:12Z')).toBe(false)
    expect(isZeroTime('nonsense')).toBe(false)
  })

  it.each([
    '',
    'yesterday',
    '2026-08-20',
    '2026-08-20T10:11:12',
    '2026-02-30T10:11:12Z',
    '2026-08-20T24:11:12Z',
    '2026-08-20t10:11:12z',
    '26-08-20T10:11:12Z',
  ])('refuses %j', (text) => {
    expect(isGoTime(text)).toBe(false)
    expect(goTimeToMs(text)).toBeUndefined()
  })
})
