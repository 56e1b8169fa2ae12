import type { NodeEntry } from '../../../../state/nodes/node-entry'
import type { NodeFold } from '../../../../state/nodes/node-fold'
import { nodeColumns } from '../columns'
import { keepOrder, listItems, selectNodes, sortNodes, type ListItem, type ListView } from './order-nodes'

/** Above so many nodes the order is renewed once a second at most, and changes are gathered. */
const MANY = 500
const PAUSE_MS = 100
const PAUSE_OF_MANY_MS = 250
const REORDER_OF_MANY_MS = 1000

/** The lines of the list as they stand, and how many nodes they were chosen from. */
export interface NodeList {
  readonly items: readonly ListItem[]
  readonly shown: number
}

interface Clock {
  readonly now: () => number
  readonly schedule: (act: () => void, afterMs: number) => () => void
}

const realClock: Clock = {
  now: () => Date.now(),
  schedule: (act, afterMs) => {
    const timer = setTimeout(act, afterMs)
    return () => clearTimeout(timer)
  },
}

/**
 * Keeps the list's lines in step with nodes and view, but not with every change: rows show their own changes at once, while the order
 * follows at its pace, and holds still while someone points into the list.
 */
export class ListFollower {
  private fold: NodeFold | undefined
  private view: ListView
  private ordered: readonly NodeEntry[] = []
  private current: NodeList = { items: [], shown: 0 }
  private held = false
  private lastAt = -Infinity
  private cancelPending: (() => void) | undefined
  private readonly listeners = new Set<() => void>()
  private readonly clock: Clock

  constructor(view: ListView, clock: Clock = realClock) {
    this.view = view
    this.clock = clock
  }

  readonly list = (): NodeList => this.current

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  /** While held, rows keep their places. */
  hold(held: boolean): void {
    if (this.held === held) return
    this.held = held
    if (!held) this.soon(0)
  }

  setView(view: ListView): void {
    if (view === this.view) return
    this.view = view
    this.renew(true)
  }

  setFold(fold: NodeFold | undefined): void {
    const before = this.fold
    if (fold === before) return
    this.fold = fold
    if (fold?.clusterId !== before?.clusterId || fold?.revision?.start !== before?.revision?.start) {
      this.renew(true)
      return
    }
    if (fold === undefined || fold.version === before?.version) return
    const many = fold.entries.size > MANY
    if (fold.membership !== before?.membership) this.soon(many ? PAUSE_OF_MANY_MS : PAUSE_MS)
    else if (this.dependsOnState()) this.soon(many ? REORDER_OF_MANY_MS : PAUSE_MS)
  }

  stop(): void {
    this.cancelPending?.()
    this.cancelPending = undefined
  }

  /** Whether a change of a node's state can move it in the list, or in or out of it. */
  private dependsOnState(): boolean {
    return this.view.segment !== 'all' || this.view.filter !== '' || this.view.groupBy !== undefined || nodeColumns[this.view.sort.column].live
  }

  /** Renews after `pauseMs` since the last time; at once when nothing was renewed for as long. */
  private soon(pauseMs: number): void {
    const wait = this.lastAt + pauseMs - this.clock.now()
    if (wait <= 0) {
      this.renew(false)
      return
    }
    this.cancelPending ??= this.clock.schedule(() => this.renew(false), wait)
  }

  private renew(anew: boolean): void {
    this.stop()
    this.lastAt = this.clock.now()
    const chosen = this.fold === undefined ? [] : selectNodes(this.fold.entries.values(), this.view)
    this.ordered = this.held && !anew ? keepOrder(this.ordered, chosen, this.view.sort) : sortNodes(chosen, this.view.sort)
    this.current = { items: listItems(this.ordered, this.view), shown: chosen.length }
    for (const listener of this.listeners) listener()
  }
}
