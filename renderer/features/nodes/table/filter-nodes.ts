import { addressOf, enginesOf, labelsOf, productOf, type NodeEntry } from '../../../state/node-entry'
import { categoryOf, type Category } from '../../../state/node-status'

export type Segment = 'all' | Category

/** Texts are made once for each row that is filtered, not for each key that is typed. */
const texts = new WeakMap<NodeEntry, string>()

function textOf(entry: NodeEntry): string {
  const known = texts.get(entry)
  if (known !== undefined) return known
  const product = productOf(entry)
  const parts = [
    entry.id,
    entry.row?.state.Info.NodeType,
    addressOf(entry),
    product && `${product.name} ${product.version}`,
    ...enginesOf(entry),
    ...labelsOf(entry).map(([key, value]) => `${key}=${value}`),
  ]
  const made = parts
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase()
  texts.set(entry, made)
  return made
}

interface Term {
  readonly word: string
  readonly wanted: boolean
}

/** The words of a filter; `!word` keeps those that do not have it. */
export function termsOf(filter: string): readonly Term[] {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (word.startsWith('!') ? { word: word.slice(1), wanted: false } : { word, wanted: true }))
    .filter(({ word }) => word !== '')
}

/** Whether name, address, version, engines or labels (`key=value`) have all the words. */
export function matches(entry: NodeEntry, terms: readonly Term[]): boolean {
  return terms.every(({ word, wanted }) => textOf(entry).includes(word) === wanted)
}

export function inSegment(entry: NodeEntry, segment: Segment): boolean {
  return segment === 'all' || categoryOf(entry.status.word) === segment
}
