import { fingerprint, generateToken } from '../../access/tokens'

/** Tells tokens that this app has made from those that somebody thought up. Keeps fingerprints, no tokens. */
export interface TokensMade {
  generate(): string
  isOurs(token: string): boolean
}

/** Knows none; a start of the app forgets them all. */
export function createTokensMade(): TokensMade {
  const fingerprints = new Set<string>()
  return {
    generate: () => {
      const token = generateToken()
      fingerprints.add(fingerprint(token))
      return token
    },
    // The shape as well: a fingerprint of four digits alone could be met by chance.
    isOurs: (token) => /^[\w-]{43}$/.test(token) && fingerprints.has(fingerprint(token)),
  }
}
