import { AppError } from '../errors'
import { DURATION_FORM, formatDuration, tryParseDuration } from '../duration'
import type { ConfigKey } from './keys'

/** A value as the configuration holds it. */
export type ConfigValue =
  string | number | boolean | readonly string[] | Readonly<Record<string, string>> | readonly object[] | Readonly<Record<string, object>>

/** Where a text comes from decides how a list is read: `environment` never splits, `set` splits without checks, `flag` splits and checks. */
type TextSource = 'flag' | 'environment' | 'set'

/** What a key expects, for error texts: "a whole number from 0 to 65535". */
function expectation(key: ConfigKey): string {
  switch (key.kind) {
    case 'text':
      return 'text'
    case 'integer':
      return isBounded(key.range) ? `a whole number from ${key.range[0]} to ${key.range[1]}` : 'a whole number'
    case 'boolean':
      return 'true or false'
    case 'duration':
      return DURATION_FORM
    case 'list':
      return 'a list (a,b,c)'
    case 'map':
      return 'pairs (key=value,key2=value2)'
    case 'choice':
      return `one of ${(key.choices ?? []).join(', ')}`
    case 'structure':
      return key.shape === 'records' ? 'a list of records' : 'records by name'
  }
}

function isBounded(range: readonly [number, number] | undefined): range is readonly [number, number] {
  return range !== undefined && Math.abs(range[1]) < Number.MAX_SAFE_INTEGER
}

function refuse(key: ConfigKey, received: string, hint?: string): never {
  const shown = key.secret === true ? 'a value that is not shown here' : `"${received.length > 80 ? `${received.slice(0, 77)}…` : received}"`
  throw new AppError('config.bad-value', `Config key ${key.name} expects ${expectation(key)}, received ${shown}.`, hint === undefined ? {} : { hint })
}

/**
 * The value of a key from its text on the command line or in the environment.
 * Throws `config.bad-value` that names the key, what it expects and what came.
 */
export function parseValue(key: ConfigKey, text: string, source: TextSource = 'flag'): ConfigValue {
  switch (key.kind) {
    case 'list':
      return parseList(key, text, source)
    case 'map':
      return parseMap(key, text)
    case 'structure':
      throw new AppError('config.bad-value', `Config key ${key.name} cannot be given as text: it holds ${expectation(key)}.`, {
        hint: 'Write it into config.yaml.',
      })
    default:
      return parseScalar(key, text)
  }
}

function parseScalar(key: ConfigKey, text: string): string | number | boolean {
  switch (key.kind) {
    case 'integer':
      return checkInteger(key, /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN, text)
    case 'boolean': {
      const value = goBoolean(text)
      if (value === undefined) refuse(key, text, "Write 'true' or 'false'.")
      return value
    }
    case 'duration': {
      const milliseconds = tryParseDuration(text)
      if (milliseconds === undefined || milliseconds < 0) refuse(key, text)
      return formatDuration(milliseconds)
    }
    case 'choice':
      return checkChoice(key, text)
    default:
      return text
  }
}

function checkInteger(key: ConfigKey, value: number, received: string): number {
  const [minimum, maximum] = key.range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
  if (!Number.isSafeInteger(value) || value < minimum || value > maximum) refuse(key, received)
  return value
}

function checkChoice(key: ConfigKey, text: string): string {
  const choices = key.choices ?? []
  const word =
    choices.find((choice) => choice === text.toLowerCase()) ?? (key.numbered === true && /^\d+$/.test(text) ? choices[Number(text)] : undefined)
  if (word === undefined) refuse(key, text)
  return word
}

function parseList(key: ConfigKey, text: string, source: TextSource): readonly string[] {
  if (source === 'environment') return text === '' ? [] : [text]
  const parts = text.split(',').map((part) => part.trim())
  if (source === 'set') return parts.filter((part) => part !== '')
  if (text.includes(';')) refuse(key, text, 'Separate the elements with commas, not semicolons.')
  if (parts.length > 1 && parts.includes('')) refuse(key, text, 'Remove the empty element.')
  if (parts.some((part) => /\s/.test(part))) refuse(key, text, 'Separate the elements with commas, not spaces.')
  return parts.filter((part) => part !== '')
}

function parseMap(key: ConfigKey, text: string): Readonly<Record<string, string>> {
  const entries = text.split(',').map((pair): readonly [string, string] => {
    const parts = pair.split('=').map((part) => part.trim())
    const [name, value] = parts
    if (parts.length !== 2 || name === undefined || name === '' || value === undefined || value === '') {
      refuse(key, text, `Look at "${pair}": each pair is key=value, with neither part empty.`)
    }
    return [name, value]
  })
  return Object.fromEntries(entries)
}

/** Go's strconv.ParseBool; undefined for any other word. */
function goBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false
  return undefined
}

/**
 * The value of a key from what a YAML file holds, as lenient as Bacalhau: numbers and texts stand for each other, one
 * word stands for a list of one. Null counts as "not set" and gives undefined. Throws `config.bad-value`.
 */
export function coerceValue(key: ConfigKey, raw: unknown): ConfigValue | undefined {
  if (raw === null || raw === undefined) return undefined
  switch (key.kind) {
    case 'list':
      return Array.isArray(raw) ? raw.map((element) => scalarText(key, element)) : parseList(key, scalarText(key, raw), 'set')
    case 'map':
      return isRecord(raw)
        ? Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, scalarText(key, value)]))
        : parseMap(key, scalarText(key, raw))
    case 'structure':
      return coerceStructure(key, raw)
    case 'integer':
      return typeof raw === 'number' ? checkInteger(key, raw, String(raw)) : parseScalar(key, scalarText(key, raw))
    case 'duration':
      // Go keeps durations as nanoseconds in 64 bits: a bare number in a file means those.
      return typeof raw === 'number' && raw >= 0 && raw < 2 ** 63 ? formatDuration(raw / 1e6) : parseScalar(key, scalarText(key, raw))
    default:
      return parseScalar(key, scalarText(key, raw))
  }
}

function scalarText(key: ConfigKey, raw: unknown): string {
  if (typeof raw === 'string') return raw
  if (typeof raw === 'number' || typeof raw === 'boolean' || typeof raw === 'bigint') return String(raw)
  if (raw instanceof Date) return raw.toISOString()
  if (raw === null && (key.kind === 'map' || key.kind === 'list')) return ''
  return refuse(key, Array.isArray(raw) ? 'a list' : 'a group of keys')
}

function coerceStructure(key: ConfigKey, raw: unknown): readonly object[] | Readonly<Record<string, object>> {
  if (key.shape === 'records') {
    if (Array.isArray(raw) && raw.every(isRecord)) return raw
  } else if (isRecord(raw) && Object.values(raw).every(isRecord)) {
    return Object.fromEntries(Object.entries(raw).filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1])))
  }
  return refuse(key, Array.isArray(raw) ? 'a list of something else' : typeof raw === 'string' ? raw : 'something else')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as one line of text, the way a table or `config get` shows it: lists with commas, maps as pairs. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.every((element) => typeof element !== 'object') ? value.join(',') : JSON.stringify(value)
  if (isRecord(value)) {
    const entries = Object.entries(value)
    if (entries.some(([, part]) => typeof part === 'object' && part !== null)) return JSON.stringify(value)
    return entries.map(([name, part]) => `${name}=${String(part)}`).join(',')
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}
