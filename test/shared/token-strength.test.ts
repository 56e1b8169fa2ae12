import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weighToken } from '../../shared/token-strength'

describe('weighToken', () => {
  it.each([
    ['', 'empty'],
    ['a', 'weak'],
    ['abcdefgh', 'weak'],
    ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['12345678', 'weak'],
    ['password123', 'weak'],
    ['my-secret-token', 'weak'],
    ['t0ken', 'weak'],
    ['correct horse battery staple', 'strong'],
    ['xK9-mQ2vLp', 'fair'],
  ])('"%s" is %s', (token, verdict) => {
    expect(weighToken(token).verdict).toBe(verdict)
  })

  it('calls random tokens strong', () => {
    for (let round = 0; round < 100; round += 1) expect(weighToken(randomBytes(18).toString('base64url')).verdict).toBe('strong')
  })

  it('never tells the token', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), (token) => {
        const { bits, reason } = weighToken(token)
        expect(bits).toBeGreaterThanOrEqual(0)
        if (token.trim().length > 5 && /\d/.test(token)) expect(reason).not.toContain(token)
      }),
    )
  })
})
