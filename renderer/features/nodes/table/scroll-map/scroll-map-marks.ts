import { nodeWords } from '../../../../state/nodes/node-status'
import type { ListItem } from '../list/order-nodes'

type MarkTone = 'bad' | 'warn' | 'wait'
interface MapMark {
  /** Top edge, as a part of the whole height: 0 to 1. */
  readonly at: number
  readonly tone: MarkTone
}

const weight: Readonly<Record<MarkTone, number>> = { bad: 3, warn: 2, wait: 1 }

/** Where rows want attention: at most one mark in each of `places`, the worst that lies there. */
export function scrollMapMarks(items: readonly ListItem[], places: number): readonly MapMark[] {
  if (items.length === 0) return []
  const worst = new Map<number, MarkTone>()
  items.forEach((item, index) => {
    if (item.kind !== 'node') return
    const { kind } = nodeWords[item.entry.status.word]
    if (kind !== 'bad' && kind !== 'warn' && kind !== 'wait') return
    const place = Math.floor((index / items.length) * places)
    const there = worst.get(place)
    if (there === undefined || weight[kind] > weight[there]) worst.set(place, kind)
  })
  return [...worst].map(([place, tone]) => ({ at: place / places, tone }))
}
