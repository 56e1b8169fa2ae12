import { describe, expect, it } from 'vitest'
import { exactSpan, freshSpan, remaining, roughSpan, span } from '../../../renderer/i18n/duration'

const S = 1000
const M = 60 * S
const H = 60 * M
const D = 24 * H
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('spans in words', () => {
  it.each([
    [span, 0, '0 s'],
    [span, 4900, '4 s'],
    [span, 112 * S, '1 m 52 s'],
    [span, 2 * H + 35 * M, '2 h 35 m'],
    [span, 2 * D + 6 * H, '2 d 6 h'],
    [roughSpan, 24 * M + 30 * S, '24 m'],
    [roughSpan, 3 * H + 59 * M, '3 h'],
    [roughSpan, 49 * H, '2 d'],
    [exactSpan, 3, '3 ms'],
    [exactSpan, 99.7, '100 ms'],
    [exactSpan, 400, '0.4 s'],
    [freshSpan, 600, '0.6 s'],
    [freshSpan, 9949, '9.9 s'],
    [freshSpan, 9951, '9 s'],
    [freshSpan, 17_200, '17 s'],
    [remaining, 42_100, '43 s'],
    [remaining, 62_000, '1 m 2 s'],
  ])('%o of %d ms', (format, ms, words) => {
    expect(plain(format(ms))).toBe(words)
  })

  it('never goes below nothing, and never says 0 s while something is awaited', () => {
    expect(plain(span(-5000))).toBe('0 s')
    expect(plain(freshSpan(-5000))).toBe('0.0 s')
    expect(plain(remaining(-5000))).toBe('1 s')
  })

  it('holds figure and unit on one line', () => {
    expect(span(112 * S)).not.toContain(' ')
  })
})
