import { describe, expect, it } from 'vitest'
import { tokenStrength } from '../../../shared/token'
import { fingerprint, generateToken } from '../../../electron/access/tokens'

describe('generateToken', () => {
  it('makes none that looks like a flag', () => {
    expect(Array.from({ length: 2000 }, generateToken).filter((token) => token.startsWith('-'))).toEqual([])
  })

  it('makes strong tokens of 256 bits that need no quoting', () => {
    const tokens = Array.from({ length: 100 }, generateToken)
    expect(new Set(tokens).size).toBe(100)
    for (const token of tokens) {
      expect(token).toMatch(/^[-_A-Za-z0-9]{43}$/)
      expect(tokenStrength(token).verdict).toBe('strong')
    }
  })
})

describe('fingerprint', () => {
  it('is the beginning of the SHA-256', () => {
    // printf 'right' | sha256sum
    expect(fingerprint('right')).toBe('2704')
  })
})
