import type { Resources } from '../../../shared/models/resources'
import { fits, minus, plus } from '../bidding/usage'

/** One that waits for room. `order` counts up: the one that came first has the smallest. */
export interface Waiting {
  readonly id: string
  readonly usage: Resources
  readonly priority: number
  readonly order: number
}

/** One that runs; `startedAt` is on the count of `Waiting.order`. */
interface Occupant {
  readonly usage: Resources
  readonly startedAt: number
}

/** Higher priority first, then who came first. */
export function beforeInQueue(one: Waiting, other: Waiting): number {
  return other.priority - one.priority || one.order - other.order
}

/**
 * Which one starts next; undefined when none may. The first in line starts as soon as it fits. While it does not, others may pass it only if it would fit
 * beside all that have passed it: so it waits for what ran before it came, and never for those behind it.
 */
export function chooseNext(waiting: readonly Waiting[], running: readonly Occupant[], max: Resources): Waiting | undefined {
  const [first] = waiting
  if (first === undefined) return undefined
  const free = running.reduce((left, { usage }) => minus(left, usage), max)
  if (fits(first.usage, free)) return first
  const passed = running.filter(({ startedAt }) => startedAt > first.order).reduce<Resources>((sum, { usage }) => plus(sum, usage), first.usage)
  return waiting.slice(1).find(({ usage }) => fits(usage, free) && fits(plus(passed, usage), max))
}
