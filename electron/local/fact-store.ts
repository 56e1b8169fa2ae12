import { writeFacts, type ClusterFacts } from './cluster-facts'
import { createTurns } from './turns'

/** The facts of a cluster in memory and on the disk. */
export interface FactStore {
  readonly current: ClusterFacts
  /** Changes them at once; resolves when the disk has them, rejects when it does not take them. */
  update(change: Partial<ClusterFacts>): Promise<void>
}

export function createFactStore(file: string, facts: ClusterFacts): FactStore {
  const turns = createTurns()
  let current = facts
  return {
    get current() {
      return current
    },
    update: (change) => {
      current = { ...current, ...change }
      return turns.take(() => writeFacts(file, current))
    },
  }
}
