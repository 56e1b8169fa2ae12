import { addressOf, enginesOf, labelsOf, productOf, type NodeEntry } from '../../../../state/nodes/node-entry'
import { categoryOf, type Category } from '../../../../state/nodes/node-status'
import { jobsOf } from '../../../../state/nodes/node-work'

/** Which nodes the list shows by their state. */
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
    ...workWords(entry),
  ]
  const made = parts
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase()
  texts.set(entry, made)
  return made
}

/** Words by which nodes with work, and those without, are found; none where it is not known. */
function workWords(entry: NodeEntry): readonly string[] {
  const jobs = jobsOf(entry)
  if (typeof jobs === 'string') return []
  if (jobs.running + jobs.queued + jobs.asked === 0) return ['idle']
  return [...(jobs.running > 0 ? ['busy'] : []), ...(jobs.queued + jobs.asked > 0 ? ['queued'] : [])]
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

/** Whether name, address, version, engines, labels (`key=value`) or work (`busy`, `queued`, `idle`) have all the words. */
export function matches(entry: NodeEntry, terms: readonly Term[]): boolean {
  return terms.every(({ word, wanted }) => textOf(entry).includes(word) === wanted)
}

/** Whether a node belongs to a segment. */
export function inSegment(entry: NodeEntry, segment: Segment): boolean {
  return segment === 'all' || categoryOf(entry.status.word) === segment
}
