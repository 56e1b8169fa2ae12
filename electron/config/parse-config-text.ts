import { Alias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node, Pair, YAMLMap } from 'yaml'
import type { ConfigProblem } from '../../shared/cluster'
import { AppError } from '../../shared/errors'
import type { ConfigKey } from '../../shared/config/keys'
import { configKeys, lookUpKey, suggestKey } from '../../shared/config/keys'
import type { ConfigValue } from '../../shared/config/values'
import { coerceValue } from '../../shared/config/values'

/** Where something stands in a text; lines and columns count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** One key that the text sets. */
export interface TextValue {
  readonly key: ConfigKey
  readonly value: ConfigValue
  readonly place: Place
}

interface ParsedText {
  /** In order of the text; of a key that stands twice, the last. */
  readonly values: readonly TextValue[]
  readonly problems: readonly ConfigProblem[]
  /** Nothing but blanks and comments. */
  readonly empty: boolean
}

/** Deeper nesting than any key has: what lies below is not looked at, so that an alias to its own parent ends. */
const DEEPEST = 8

const groups: ReadonlySet<string> = new Set(
  configKeys.flatMap((key) =>
    key.path.slice(1).map((_, index) =>
      key.path
        .slice(0, index + 1)
        .join('.')
        .toLowerCase(),
    ),
  ),
)

/**
 * Reads a `config.yaml`: keys in any case, nested or dotted (`API.Port: 1`), aliases and merge keys. Never throws:
 * broken YAML, wrong values and unknown keys are problems with their places.
 */
export function parseConfigText(text: string): ParsedText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, uniqueKeys: true })
  const placeAt = (from: number, to: number): Place => {
    const start = lines.linePos(from)
    const end = lines.linePos(Math.max(from, to))
    return { line: Math.max(1, start.line), column: Math.max(1, start.col), endLine: Math.max(1, end.line), endColumn: Math.max(1, end.col) }
  }
  const problems: ConfigProblem[] = document.errors.map((error) => ({
    severity: 'error',
    ...placeAt(...error.pos),
    message: sentence(error.message),
  }))
  const root = document.contents
  if (root === null || (isScalar(root) && root.value === null)) return { values: [], problems, empty: problems.length === 0 }
  if (!isMap(root)) {
    if (problems.length === 0)
      problems.push({
        severity: 'error',
        ...placeOf(root, placeAt),
        message: 'The file must hold keys with values, such as "API:" with "Port: 1234" below it.',
      })
    return { values: [], problems, empty: false }
  }
  const reader = new TextReader(document, placeAt, problems)
  if (document.errors.length === 0) reader.readMap(root, '', 0)
  return { values: [...reader.values.values()], problems, empty: false }
}

class TextReader {
  readonly values = new Map<string, TextValue>()

  constructor(
    private readonly document: Document,
    private readonly placeAt: (from: number, to: number) => Place,
    private readonly problems: ConfigProblem[],
  ) {}

  readMap(map: YAMLMap, prefix: string, depth: number): void {
    if (depth > DEEPEST) return
    for (const pair of map.items) this.readPair(pair, prefix, depth)
  }

  private readPair(pair: Pair, prefix: string, depth: number): void {
    const part = nameOf(pair.key)
    if (part === undefined) {
      this.problems.push({ severity: 'error', ...placeOf(pair.key, this.placeAt), message: 'A key must be a word.' })
      return
    }
    const node = this.resolved(pair.value)
    if (part === '<<') {
      for (const merged of isSeq(node) ? node.items.map((item) => this.resolved(item)) : [node])
        if (isMap(merged)) this.readMap(merged, prefix, depth + 1)
      return
    }
    const name = prefix === '' ? part : `${prefix}.${part}`
    const key = lookUpKey(name)
    const place = placeOf(pair.key, this.placeAt)
    if (key !== undefined) this.readValue(key, node, place, isNode(pair.value) ? placeOf(pair.value, this.placeAt) : place)
    else if (!groups.has(name.toLowerCase())) this.problems.push({ severity: 'warning', ...place, message: unknownKey(name) })
    else if (isMap(node)) this.readMap(node, name, depth + 1)
    else if (!isEmpty(node))
      this.problems.push({ severity: 'error', ...place, message: `${name} is a group of keys, not a key: it takes no value of its own.` })
  }

  private readValue(key: ConfigKey, node: unknown, place: Place, valuePlace: Place): void {
    try {
      const value = coerceValue(key, this.plain(node, key, 0))
      if (value === undefined) return
      if (this.values.has(key.name))
        this.problems.push({ severity: 'warning', ...place, message: `${key.name} stands here a second time; this one counts.` })
      this.values.set(key.name, { key, value, place: valuePlace })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.problems.push({ severity: 'error', ...valuePlace, message: error.hint === undefined ? error.message : `${error.message} ${error.hint}` })
    }
  }

  /** Digits and words of a text key stay as they were typed: the token 007 is no number. */
  private plain(node: unknown, key: ConfigKey, depth: number): unknown {
    const resolved = this.resolved(node)
    if (depth > DEEPEST) return undefined
    if (isScalar(resolved)) {
      const typed = ['text', 'list', 'map', 'choice', 'structure'].includes(key.kind)
      return typed && resolved.value !== null && typeof resolved.value !== 'string' && resolved.source !== undefined
        ? resolved.source
        : resolved.value
    }
    if (isSeq(resolved)) return resolved.items.map((item) => this.plain(item, key, depth + 1))
    if (isMap(resolved)) return Object.fromEntries(resolved.items.map((pair) => [nameOf(pair.key) ?? '', this.plain(pair.value, key, depth + 1)]))
    return null
  }

  private resolved(node: unknown): unknown {
    return node instanceof Alias ? node.resolve(this.document) : node
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value
}

/** Undefined for keys that are lists or groups themselves: YAML has such. */
function nameOf(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null)
}

function placeOf(node: unknown, placeAt: (from: number, to: number) => Place): Place {
  const range = isNode(node) ? node.range : undefined
  return range === undefined || range === null ? placeAt(0, 0) : placeAt(range[0], range[1])
}

function unknownKey(name: string): string {
  const suggestion = suggestKey(name)
  return `There is no config key ${name}; it is kept and not used.${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`
}

/** The YAML library's messages have no capital and no stop in places. */
function sentence(message: string): string {
  const line = message.split('\n')[0] ?? message
  if (/multiple documents/.test(line)) return 'A second document begins here ("---"): a configuration is one. Put everything into it.'
  if (/call stack/.test(line)) return 'Something here is nested too deeply to be a configuration.'
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.!?]$/.test(line) ? '' : '.'}`
}
