import type { CandidateNode } from './candidate-node'
import { preferred } from './ranker'
import type { Demand, Ranker, RankerName } from './ranker'

/** Older specs have another word for a directory of the node itself. */
const olderNames = new Map([['localdirectory', 'local']])
const canonical = (type: string): string => olderNames.get(type.toLowerCase()) ?? type.toLowerCase()

function featureRanker(
  name: RankerName,
  wanted: (demand: Demand) => readonly string[],
  provided: (node: CandidateNode) => readonly string[],
): Ranker {
  return {
    name,
    prepare: (demand) => {
      const types = wanted(demand)
      return (node) => {
        const offered = provided(node)
        const missing = types.find((type) => !offered.some((one) => canonical(one) === canonical(type)))
        return missing === undefined
          ? { score: preferred }
          : { unsuitable: `does not support ${missing}${offered.length === 0 ? '' : `, only ${offered.join(', ')}`}` }
      }
    },
  }
}

/** The node has the engine. */
export const engineRanker = featureRanker(
  'engine',
  ({ task }) => [task.Engine.Type],
  ({ engines }) => engines,
)

/** The node has the publisher, where one is asked for. */
export const publisherRanker = featureRanker(
  'publisher',
  ({ task }) => (task.Publisher.Type === '' ? [] : [task.Publisher.Type]),
  ({ publishers }) => publishers,
)

/** The node can get inputs of every kind that is asked for. */
export const storageRanker = featureRanker(
  'storage',
  ({ task }) => [...new Set((task.InputSources ?? []).map(({ Source }) => Source.Type))],
  ({ storages }) => storages,
)
