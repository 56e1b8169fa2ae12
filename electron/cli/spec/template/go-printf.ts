import type { Value } from './read-pipeline'

const verb = /%([-+# 0]*)(\d*)(?:\.(\d+))?(.)/gsu

/** `printf` of Go for the values that templates have. Throws an Error for a verb that there is not, or that its value does not suit. */
export function formatted(format: string, values: readonly Value[]): string {
  let at = 0
  return format.replace(verb, (whole, flags: string, width: string, precision: string | undefined, letter: string) => {
    if (letter === '%') return '%'
    const value = values[at]
    at += 1
    if (value === undefined) throw new Error(`printf has no value for ${whole}`)
    const text = verbText(letter, value, precision === undefined ? undefined : Number(precision), whole)
    const signed = flags.includes('+') && typeof value === 'number' && value >= 0 ? `+${text}` : text
    if (flags.includes('-')) return signed.padEnd(Number(width))
    if (flags.includes('0') && typeof value === 'number')
      return signed.replace(/^([+-]?)(.*)$/s, (_, sign: string, digits: string) => sign + digits.padStart(Number(width) - sign.length, '0'))
    return signed.padStart(Number(width))
  })
}

function verbText(letter: string, value: Value, precision: number | undefined, whole: string): string {
  if (letter === 'v' && typeof value !== 'object') return String(value)
  if (letter === 's' && typeof value === 'string') return precision === undefined ? value : Array.from(value).slice(0, precision).join('')
  if (letter === 'q' && typeof value === 'string') return JSON.stringify(value)
  if (letter === 't' && typeof value === 'boolean') return String(value)
  if (letter === 'd' && typeof value === 'number' && Number.isInteger(value)) return String(value)
  if (letter === 'f' && typeof value === 'number') return value.toFixed(precision ?? 6)
  if ((letter === 'x' || letter === 'X') && typeof value === 'string') return cased(letter, Buffer.from(value).toString('hex'))
  if ((letter === 'x' || letter === 'X') && typeof value === 'number' && Number.isInteger(value)) return cased(letter, value.toString(16))
  throw new Error(`printf cannot write a ${typeof value === 'string' ? 'text' : typeof value} as ${whole}`)
}

function cased(letter: string, digits: string): string {
  return letter === 'X' ? digits.toUpperCase() : digits
}
