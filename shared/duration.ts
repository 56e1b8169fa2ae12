const nanosecondsPer: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3, // U+00B5, the micro sign
  μs: 1e3, // U+03BC, the Greek letter
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

const part = /^(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/

/** How durations are written, for error texts and hints. */
export const DURATION_FORM = "a duration such as '30s', '1m30s', '2h45m' or '100ms'"

/**
 * Milliseconds of a duration in Go's syntax (time.ParseDuration): `2h45m`, `-1.5s`, `100ms`, `0`.
 * Undefined for anything else, also for what no Go duration can hold (about 292 years).
 */
export function tryParseDuration(text: string): number | undefined {
  const negative = text.startsWith('-')
  let rest = negative || text.startsWith('+') ? text.slice(1) : text
  if (rest === '0') return 0
  if (rest === '') return undefined
  let nanoseconds = 0
  while (rest !== '') {
    const match = part.exec(rest)
    if (match === null) return undefined
    nanoseconds += Number(match[1]) * (nanosecondsPer[match[2] as string] as number)
    rest = rest.slice(match[0].length)
  }
  if (nanoseconds > 2 ** 63) return undefined
  return (negative ? -nanoseconds : nanoseconds) / 1e6
}

/** Milliseconds of a duration in Go's syntax. Throws a RangeError that names the accepted form. */
export function parseDuration(text: string): number {
  const milliseconds = tryParseDuration(text)
  if (milliseconds === undefined) throw new RangeError(`"${text}" is not ${DURATION_FORM}`)
  return milliseconds
}

/**
 * A duration as Go's Duration.String writes it: `1m30s`, `1h0m0s`, `100ms`, `1.5µs`, `0s`.
 * @param milliseconds may have a fraction; kept to the nanosecond.
 */
export function formatDuration(milliseconds: number): string {
  const nanoseconds = Math.round(Math.abs(milliseconds) * 1e6)
  if (nanoseconds === 0) return '0s'
  const sign = milliseconds < 0 ? '-' : ''
  if (nanoseconds < 1e3) return `${sign}${nanoseconds}ns`
  if (nanoseconds < 1e6) return `${sign}${decimal(nanoseconds, 3)}µs`
  if (nanoseconds < 1e9) return `${sign}${decimal(nanoseconds, 6)}ms`
  const wholeSeconds = Math.floor(nanoseconds / 1e9)
  const hours = Math.floor(wholeSeconds / 3600)
  const minutes = Math.floor(wholeSeconds / 60) % 60
  const seconds = decimal((wholeSeconds % 60) * 1e9 + (nanoseconds % 1e9), 9)
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`
  if (minutes > 0) return `${sign}${minutes}m${seconds}s`
  return `${sign}${seconds}s`
}

/** `units / 10^digits` in plain notation, without trailing zeros. */
function decimal(units: number, digits: number): string {
  const padded = String(units).padStart(digits + 1, '0')
  const fraction = padded.slice(-digits).replace(/0+$/, '')
  return padded.slice(0, -digits) + (fraction === '' ? '' : `.${fraction}`)
}
