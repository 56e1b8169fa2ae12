/** How hard a token is to guess. `bits` is an estimate: what somebody who knows people's habits would need to try, as a power of two. */
export interface TokenStrength {
  readonly bits: number
  readonly verdict: 'empty' | 'weak' | 'fair' | 'strong'
  /** One sentence that says why, without the token. */
  readonly reason: string
}

/** Below this a token is found by trying over the network. */
const FAIR_FROM = 40
/** From here on not even an offline search helps. */
const STRONG_FROM = 80

/** What people take when they have to think of something. Each counts as one guess among a thousand. */
const common =
  /password|passwort|passwd|changeme|letmein|bacalhau|orchestrator|cluster|default|welcome|compute|example|qwerty|secret|monkey|dragon|master|admin|token|shoal|guest|login|hello|1234567890|123456|12345|1234|node|test|root|abc|key/gi
const COMMON_BITS = 10

/** Weighs a cluster's token. Pure guesswork about habits, and on the careful side: a random token of 22 letters and digits is strong. */
export function weighToken(token: string): TokenStrength {
  if (token === '') return { bits: 0, verdict: 'empty', reason: 'There is no token: anybody who reaches the port may join.' }
  const words = token.match(common) ?? []
  const rest = token.replace(common, '')
  const bits = Math.round(words.length * COMMON_BITS + looseBits(rest))
  if (bits < FAIR_FROM)
    return {
      bits,
      verdict: 'weak',
      reason:
        words.length > 0 && looseBits(token) >= FAIR_FROM ? 'It is made of words that are tried first.' : 'It is too short to withstand trying.',
    }
  if (bits < STRONG_FROM) return { bits, verdict: 'fair', reason: 'It withstands trying over the network.' }
  return { bits, verdict: 'strong', reason: 'It cannot be found by trying.' }
}

/** Characters that follow from the one before (aaaa, abcd, 4321) add one bit, others that of their alphabet. */
function looseBits(text: string): number {
  const each = Math.log2(alphabetOf(text))
  let bits = 0
  let step: number | undefined
  let previous: number | undefined
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const now = previous === undefined ? undefined : code - previous
    const foreseen = now !== undefined && Math.abs(now) <= 1 && now === step
    bits += foreseen || now === 0 ? 1 : each
    step = now
    previous = code
  }
  return bits
}

function alphabetOf(text: string): number {
  const sizes = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^a-zA-Z0-9]/, 30],
  ] as const
  return sizes.reduce((sum, [pattern, size]) => (pattern.test(text) ? sum + size : sum), 0) || 1
}
