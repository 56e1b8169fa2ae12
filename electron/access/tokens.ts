import { createHash, randomBytes } from 'node:crypto'

/** Random bits of a generated token. */
export const GENERATED_BITS = 256

/** A new token of as many random bits (but for a small fraction of one), safe in URLs and shells. No program takes it for a flag. */
export function generateToken(): string {
  for (;;) {
    const token = randomBytes(GENERATED_BITS / 8).toString('base64url')
    if (!token.startsWith('-')) return token
  }
}

/** First four hex digits of a token's SHA-256: enough to tell two tokens apart, too little to guess one. */
export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 4)
}
