import { systemCodeOf } from '../../shared/system-error'

/** What stands in a log where a secret was. */
export const REDACTED = '[redacted]'

const secretKey = /(token|password|passwd|secret|authorization|credential|privatekey|seed)$/i
const userinfo = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'`]+@/gi
const MAX_DEPTH = 6

/** The text without any of `secrets` (as they are, percent-encoded or JSON-escaped) and without the userinfo of URLs. */
export function redactText(text: string, secrets: readonly string[]): string {
  let clean = text.replace(userinfo, `$1${REDACTED}@`)
  for (const secret of secrets) {
    if (secret === '') continue
    for (const spelling of spellings(secret)) {
      if (!clean.includes(spelling)) continue
      // A token of two letters would eat half of every line: it is only hidden where it stands alone.
      clean = spelling.length < 4 ? clean.replace(alone(spelling), REDACTED) : clean.replaceAll(spelling, REDACTED)
    }
  }
  return clean
}

/** Fields ready to be written: plain JSON values, secrets hidden by their text and by the name of their key. */
export function redactFields(fields: Readonly<Record<string, unknown>>, secrets: readonly string[]): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue
    clean[key] = redactValue(key, value, secrets, 0)
  }
  return clean
}

function redactValue(key: string, value: unknown, secrets: readonly string[], depth: number): unknown {
  if (secretKey.test(key) && typeof value !== 'boolean' && value !== '' && value !== null) return REDACTED
  if (typeof value === 'string') return redactText(value, secrets)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Error) return redactText(describeError(value), secrets)
  if (depth >= MAX_DEPTH) return '…'
  if (Array.isArray(value)) return value.map((item) => redactValue('', item, secrets, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactValue(name, inner, secrets, depth + 1)]))
}

function describeError(error: Error): string {
  const code = systemCodeOf(error)
  const cause = error.cause instanceof Error && error.cause.message !== error.message ? ` (${describeError(error.cause)})` : ''
  return `${code === undefined ? '' : `${code}: `}${error.message}${cause}`
}

function spellings(secret: string): Set<string> {
  return new Set([secret, percentEncoded(secret), JSON.stringify(secret).slice(1, -1)])
}

function percentEncoded(secret: string): string {
  try {
    return encodeURIComponent(secret)
  } catch {
    // A lone surrogate has no percent-encoded form, so there is none to look for.
    return secret
  }
}

function alone(spelling: string): RegExp {
  return new RegExp(`(?<![\\w-])${spelling.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'g')
}
