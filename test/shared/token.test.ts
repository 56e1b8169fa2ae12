import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenStrength } from '../../shared/token'

const verdicts: readonly (readonly [string, ReturnType<typeof tokenStrength>['verdict']])[] = [
  ['', 'empty'],
  ['a', 'weak'],
  ['secret', 'weak'],
  ['P@ssw0rd2024', 'weak'],
  ['seed-token-123456', 'weak'],
  ['bacalhau-shoal-cluster-token', 'weak'],
  ['correcthorsebatterystaple', 'weak'],
  ['qwertyuiop1234567890', 'weak'],
  ['a'.repeat(4096), 'weak'],
  ['abababababababababab', 'weak'],
  ['4f9d2c7e8a1b3056', 'fair'],
  ['k7#Qz!vB2m@Lw9$x', 'fair'],
  ['443853a869e9a16a2d2f8a5c5089af26', 'strong'],
  ['iRak-atPVxX2QWm9X-swBgbQwxvjczZAhk-aIE7voG0', 'strong'],
]

describe('tokenStrength', () => {
  it.each(verdicts)('calls %j %s', (token, verdict) => {
    expect(tokenStrength(token).verdict).toBe(verdict)
  })

  it('says what makes a token weak', () => {
    expect(tokenStrength('t0ken123').reason).toContain('token')
    expect(tokenStrength('zzzzzzzz').reason).toContain('repeats')
    expect(tokenStrength('9x!K').reason).toContain('short')
  })

  it('never gives a token of 256 random bits less than strong', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        fc.pre(new Set(bytes).size > 16)
        expect(tokenStrength(Buffer.from(bytes).toString('base64url')).verdict).toBe('strong')
      }),
    )
  })

  it('weighs any text without fail, and never as more than its own length allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (token) => {
        const { bits } = tokenStrength(token)
        expect(bits).toBeGreaterThanOrEqual(0)
        expect(bits).toBeLessThanOrEqual(token.length * 8)
      }),
    )
  })
})
