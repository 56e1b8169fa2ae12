import { isAlias, isMap, isPair, isScalar, parseDocument, Scalar } from 'yaml'
import type { Document, Pair, YAMLMap } from 'yaml'
import { AppError } from '../../shared/errors'
import type { ConfigKey } from '../../shared/config/keys'
import type { ConfigValue } from '../../shared/config/values'
import { parseConfigText } from './parse-config-text'

/** A key to set; without a value, the key is taken out. */
export interface ConfigChange {
  readonly key: ConfigKey
  readonly value: ConfigValue | undefined
}

/**
 * The text of a `config.yaml` with some keys changed. Comments, order, unknown keys and the spelling of keys that stand there survive.
 * Throws `config.broken-file` for a text that cannot be read: it is not ours to repair.
 */
export function editConfigText(text: string, changes: readonly ConfigChange[]): string {
  const fault = parseConfigText(text).problems.find((problem) => problem.severity === 'error')
  const document = parseDocument(text, { prettyErrors: false, merge: true })
  if (document.errors.length > 0 || (fault !== undefined && !isMap(document.contents) && document.contents !== null)) {
    throw new AppError('config.broken-file', `line ${fault?.line ?? 1}, column ${fault?.column ?? 1}: ${fault?.message ?? 'not readable'}`, {
      hint: 'Correct the line. The file was left as it is.',
    })
  }
  const root = rootMap(document)
  for (const { key, value } of changes) {
    if (value === undefined) remove(root, key.path)
    else put(document, root, key.path, value)
  }
  return root.items.length === 0 && changes.some((change) => change.value === undefined)
    ? commentsOf(document)
    : document.toString({ lineWidth: 0, indent: indentOf(text), indentSeq: !/^( *)\S.*:\s*\n\1- /m.test(text) })
}

function rootMap(document: Document): YAMLMap {
  if (isMap(document.contents)) return document.contents
  const comment = document.contents?.comment ?? null
  const map = document.createNode({}) as YAMLMap
  if (comment !== null) map.commentBefore = comment
  document.contents = map
  return map
}

function commentsOf(document: Document): string {
  document.contents = null
  return document.toString().replace(/^null\n?$/m, '')
}

/** The pair that holds the first parts of a path, whatever its case, nested or dotted, and how many parts it takes. */
function find(map: YAMLMap, path: readonly string[]): { readonly pair: Pair; readonly parts: number } | undefined {
  for (let parts = path.length; parts > 0; parts -= 1) {
    const name = path.slice(0, parts).join('.').toLowerCase()
    const pairs = map.items.filter((item) => isPair(item) && isScalar(item.key) && String(item.key.value).toLowerCase() === name)
    const pair = pairs[pairs.length - 1]
    if (pair !== undefined) return { pair, parts }
  }
  return undefined
}

function put(document: Document, map: YAMLMap, path: readonly string[], value: ConfigValue): void {
  const found = find(map, path)
  if (found === undefined) {
    const [part = '', ...rest] = path
    if (rest.length === 0) {
      map.add(document.createPair(part, valueNode(document, value)))
      return
    }
    const inner = document.createNode({}) as YAMLMap
    map.add(document.createPair(part, inner))
    put(document, inner, rest, value)
    return
  }
  const { pair, parts } = found
  if (parts === path.length) {
    replace(document, pair, value)
    return
  }
  if (isAlias(pair.value)) {
    throw new AppError('config.alias', `${path.slice(0, parts).join('.')} is an alias (*${pair.value.source}) in this file.`, {
      hint: 'Change the file by hand: other keys may share the value.',
    })
  }
  if (!isMap(pair.value)) pair.value = document.createNode({})
  if (isMap(pair.value)) put(document, pair.value, path.slice(parts), value)
}

/** Keeps the comments that stand at the old value. */
function replace(document: Document, pair: Pair, value: ConfigValue): void {
  const before = pair.value
  const after = valueNode(document, value)
  if (isScalar(before)) {
    after.comment = before.comment ?? null
    after.commentBefore = before.commentBefore ?? null
  }
  pair.value = after
}

function remove(map: YAMLMap, path: readonly string[]): void {
  const found = find(map, path)
  if (found === undefined) return
  if (found.parts === path.length) {
    map.items.splice(map.items.indexOf(found.pair), 1)
    remove(map, path)
  } else if (isMap(found.pair.value)) {
    remove(found.pair.value, path.slice(found.parts))
    if (found.pair.value.items.length === 0) map.items.splice(map.items.indexOf(found.pair), 1)
  }
}

function valueNode(document: Document, value: ConfigValue) {
  const node = document.createNode(value)
  if (isScalar(node) && typeof node.value === 'string' && looksNumeric(node.value)) node.type = Scalar.QUOTE_DOUBLE
  return node
}

/** Texts that YAML 1.1 readers, Bacalhau's among them, would take for numbers or dates. */
function looksNumeric(text: string): boolean {
  return /^[-+.]?\d[\da-fox_.:+\-tz ]*$/i.test(text) && !/\..*\./.test(text)
}

/** How far the file's first nested line is indented. */
function indentOf(text: string): number {
  const nested = /^\S[^\n]*:[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( +)[^\s#-]/m.exec(text)
  return nested?.[1]?.length ?? 2
}
