import type { Value } from './read-pipeline'
import { formatted } from './go-printf'

/** Throws an Error that says what the arguments lack; the caller adds the place. */
export type TemplateFunction = (...values: readonly Value[]) => Value

/** Go's own functions for templates, as far as texts, numbers and the map of variables need them. `and` and `or` are the evaluator's: they stop early. */
export const templateFunctions: Readonly<Record<string, TemplateFunction>> = {
  not: (value) => !isTrue(demand(value)),
  len: (value) => {
    const one = demand(value)
    if (typeof one === 'string') return Buffer.byteLength(one)
    if (typeof one === 'object') return Object.keys(one).length
    throw new Error('len takes a text or a map')
  },
  index: (map, key) => {
    const [from, name] = [demand(map), demand(key)]
    if (typeof from !== 'object' || typeof name !== 'string') throw new Error('index takes a map and a key')
    const entry = Object.entries(from).find(([key]) => key === name)
    return entry?.[1] ?? ''
  },
  slice: (text, from = 0, ...more) => {
    const bytes = typeof text === 'string' ? Buffer.from(text) : undefined
    const end = more[0] ?? bytes?.length
    if (bytes === undefined || typeof from !== 'number' || typeof end !== 'number') throw new Error('slice takes a text and numbers')
    if (from < 0 || end < from || end > bytes.length) throw new Error(`slice is out of range: ${from}:${end} of ${bytes.length}`)
    return bytes.subarray(from, end).toString()
  },
  print: (...values) => joined(values),
  println: (...values) => `${values.map(textOf).join(' ')}\n`,
  printf: (format, ...values) => {
    if (typeof format !== 'string') throw new Error('printf takes a format first')
    return formatted(format, values)
  },
  html: (...values) => joined(values).replace(/[&<>"'\0]/g, (sign) => htmlSigns[sign] ?? sign),
  urlquery: (...values) =>
    encodeURIComponent(joined(values))
      .replace(/[!'()*]/g, percent)
      .replaceAll('%20', '+'),
  js: (...values) => joined(values).replace(/[\\'"<>&=\n\r\t]/g, (sign) => jsSigns[sign] ?? sign),
  eq: (first, ...others) => others.length > 0 && others.some((other) => compare(demand(first), other) === 0),
  ne: (one, other) => compare(demand(one), demand(other)) !== 0,
  lt: (one, other) => compare(demand(one), demand(other)) < 0,
  le: (one, other) => compare(demand(one), demand(other)) <= 0,
  gt: (one, other) => compare(demand(one), demand(other)) > 0,
  ge: (one, other) => compare(demand(one), demand(other)) >= 0,
}

/** Go's zero values are false. */
export function isTrue(value: Value): boolean {
  return typeof value === 'object' ? Object.keys(value).length > 0 : Boolean(value)
}

/** A value as Go prints it. */
export function textOf(value: Value): string {
  if (typeof value !== 'object') return String(value)
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${key}:${value[key] ?? ''}`)
  return `map[${entries.join(' ')}]`
}

const htmlSigns: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;', '\0': '\uFFFD' }
const jsSigns: Readonly<Record<string, string>> = {
  ...{ '\\': '\\\\', "'": "\\'", '"': '\\"', '<': '\\u003C', '>': '\\u003E', '&': '\\u0026', '=': '\\u003D' },
  ...{ '\n': '\\u000A', '\r': '\\u000D', '\t': '\\u0009' },
}

function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
}

/** With a blank between two neighbours that are no texts. */
function joined(values: readonly Value[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1]
      return before === undefined || typeof before === 'string' || typeof value === 'string' ? textOf(value) : ` ${textOf(value)}`
    })
    .join('')
}

function compare(one: Value, other: Value): number {
  if (typeof one === 'object' || typeof one !== typeof other) throw new Error('values of different kinds cannot be compared; variables are texts')
  return one === other ? 0 : one < other ? -1 : 1
}

function demand(value: Value | undefined): Value {
  if (value === undefined) throw new Error('an argument is missing')
  return value
}
