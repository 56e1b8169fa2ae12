import { createTurns } from '../turns'

/** The facts of a cluster in memory and on the disk. */
export interface FactStore<Facts> {
  readonly current: Facts
  /** Changes them at once; resolves when the disk has them, rejects when it does not take them. */
  update(change: Partial<Facts>): Promise<void>
}

/** `write` puts them on the disk whole or not at all. */
export function createFactStore<Facts extends object>(facts: Facts, write: (facts: Facts) => Promise<void>): FactStore<Facts> {
  const turns = createTurns()
  let current = facts
  return {
    get current() {
      return current
    },
    update: (change) => {
      current = { ...current, ...change }
      return turns.take(() => write(current))
    },
  }
}
