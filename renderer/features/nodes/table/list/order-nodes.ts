import { labelsOf, type NodeEntry } from '../../../../state/nodes/node-entry'
import { nodeWords, type StatusKind } from '../../../../state/nodes/node-status'
import { nodeColumns, type ColumnId } from '../columns'
import { inSegment, matches, termsOf, type Segment } from './filter-nodes'

/** Nodes that are alike in it stand by name. */
export interface Sort {
  readonly column: ColumnId
  readonly descending: boolean
}

/** All that decides which rows are shown, in which order. */
export interface ListView {
  readonly segment: Segment
  readonly filter: string
  readonly sort: Sort
  /** Label key by which rows are grouped. */
  readonly groupBy: string | undefined
  /** Names of groups that are folded. */
  readonly foldedGroups: readonly string[]
  /** Names of groups that show all their connected nodes. */
  readonly wholeGroups: readonly string[]
}

/** A line of the list. `value` of a group is undefined for nodes without the label. */
export type ListItem =
  | { readonly kind: 'node'; readonly key: string; readonly entry: NodeEntry }
  | {
      readonly kind: 'group'
      readonly key: string
      readonly name: string
      readonly value: string | undefined
      readonly summary: GroupSummary
      readonly folded: boolean
    }
  | { readonly kind: 'more'; readonly key: string; readonly name: string; readonly count: number }

interface GroupSummary {
  readonly all: number
  readonly kinds: Readonly<Partial<Record<StatusKind, number>>>
}

/** Entries in the order of the view: ties by name, what has no value last. */
export function sortNodes(entries: readonly NodeEntry[], sort: Sort): NodeEntry[] {
  const { sortValue } = nodeColumns[sort.column]
  const sign = sort.descending ? -1 : 1
  const keyed = entries.map((entry) => ({ entry, value: sortValue(entry) }))
  keyed.sort((a, b) => {
    if (a.value !== b.value) {
      if (a.value === undefined) return 1
      if (b.value === undefined) return -1
      return a.value < b.value ? -sign : sign
    }
    return a.entry.sortName < b.entry.sortName ? -1 : a.entry.sortName > b.entry.sortName ? 1 : 0
  })
  return keyed.map(({ entry }) => entry)
}

/** What of `entries` the view shows, in no order. */
export function selectNodes(entries: Iterable<NodeEntry>, view: Pick<ListView, 'segment' | 'filter'>): NodeEntry[] {
  const terms = termsOf(view.filter)
  const found: NodeEntry[] = []
  for (const entry of entries) {
    if (inSegment(entry, view.segment) && matches(entry, terms)) found.push(entry)
  }
  return found
}

/** The order of before for those that stay; who is new comes after them. Nothing moves under a pointer. */
export function keepOrder(before: readonly NodeEntry[], now: readonly NodeEntry[], sort: Sort): NodeEntry[] {
  const left = new Map(now.map((entry) => [entry.id, entry]))
  const kept: NodeEntry[] = []
  for (const { id } of before) {
    const entry = left.get(id)
    if (entry === undefined) continue
    kept.push(entry)
    left.delete(id)
  }
  return left.size === 0 ? kept : [...kept, ...sortNodes([...left.values()], sort)]
}

/** Of the connected nodes of a group so many are shown at first: they are quiet, and what is not stands above them. */
const CONNECTED_SHOWN = 3

/** The lines of the list for entries in order. */
export function listItems(ordered: readonly NodeEntry[], view: Pick<ListView, 'groupBy' | 'foldedGroups' | 'wholeGroups'>): ListItem[] {
  const { groupBy } = view
  if (groupBy === undefined) return ordered.map(nodeItem)
  const groups = new Map<string | undefined, NodeEntry[]>()
  for (const entry of ordered) {
    const value = labelsOf(entry).find(([key]) => key === groupBy)?.[1]
    const group = groups.get(value)
    if (group === undefined) groups.set(value, [entry])
    else group.push(entry)
  }
  const named = [...groups].map(([value, members]) => ({ value, members, name: value ?? '', summary: summaryOf(members), worst: worstOf(members) }))
  named.sort((a, b) => b.worst - a.worst || (a.name < b.name ? -1 : 1))
  return named.flatMap(({ value, members, name, summary }): ListItem[] => {
    const folded = view.foldedGroups.includes(name)
    const head: ListItem = { kind: 'group', key: `group:${name}`, name, value, summary, folded }
    return folded ? [head] : [head, ...groupLines(name, members, view.wholeGroups.includes(name))]
  })
}

function groupLines(name: string, members: readonly NodeEntry[], whole: boolean): ListItem[] {
  const loud = members.filter((entry) => entry.status.word !== 'connected')
  const quiet = members.filter((entry) => entry.status.word === 'connected')
  const shown = whole || quiet.length <= CONNECTED_SHOWN + 1 ? quiet : quiet.slice(0, CONNECTED_SHOWN)
  const hidden = quiet.length - shown.length
  const lines = [...loud, ...shown].map(nodeItem)
  return hidden === 0 ? lines : [...lines, { kind: 'more', key: `more:${name}`, name, count: hidden }]
}

function nodeItem(entry: NodeEntry): ListItem {
  return { kind: 'node', key: `node:${entry.id}`, entry }
}

function summaryOf(members: readonly NodeEntry[]): GroupSummary {
  const kinds: Partial<Record<StatusKind, number>> = {}
  for (const { status } of members) {
    const { kind } = nodeWords[status.word]
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  return { all: members.length, kinds }
}

/** How many disconnected, then unsure, then waiting nodes: groups with more of the worse come first. */
function worstOf(members: readonly NodeEntry[]): number {
  let worst = 0
  for (const { status } of members) {
    const { kind } = nodeWords[status.word]
    worst += kind === 'bad' ? 1_000_000 : kind === 'warn' ? 1000 : kind === 'wait' ? 1 : 0
  }
  return worst
}
