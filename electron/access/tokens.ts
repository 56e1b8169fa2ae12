import { createHash, randomBytes } from 'node:crypto'

/** Random bits of a generated token. */
export const GENERATED_BITS = 256

/** A new token of as many random bits, safe in URLs and shells. */
export function generateToken(): string {
  return randomBytes(GENERATED_BITS / 8).toString('base64url')
}

/** First four hex digits of a token's SHA-256: enough to tell two tokens apart, too little to guess one. */
export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 4)
}
