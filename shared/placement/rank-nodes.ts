import { taskResources } from '../jobs/task-resources'
import type { CandidateNode } from './candidate-node'
import { availableRanker, capacityRanker, maxJobRanker } from './capacity-rankers'
import { engineRanker, publisherRanker, storageRanker } from './feature-rankers'
import { labelRanker } from './label-ranker'
import { previousExecutionsRanker, randomRanker, versionRanker } from './node-rankers'
import type { Demand, PastExecution, PlacedJob, Ranker, RankerName } from './ranker'
import { amountsOf } from './resource-arithmetic'

interface SuitableNode {
  readonly node: CandidateNode
  readonly score: number
}
interface UnsuitableNode {
  readonly node: CandidateNode
  /** Which requirement rules the node out. */
  readonly ranker: RankerName
  readonly reason: string
}
/** All candidates, each in one of the two lists. */
export interface RankedNodes {
  /** Best first. */
  readonly suitable: readonly SuitableNode[]
  /** Those that lack something for good come before those that are only busy. */
  readonly unsuitable: readonly UnsuitableNode[]
}

interface RankNodesOptions {
  readonly job: PlacedJob
  readonly nodes: readonly CandidateNode[]
  /** All executions of the job; those of other versions do not count. */
  readonly executions: readonly PastExecution[]
  /** In [0, 1). */
  readonly random: () => number
}

/** What waiting cannot mend comes first, for the first requirement that is not met is the one that people are told. */
const rankers: readonly Ranker[] = [
  engineRanker,
  publisherRanker,
  storageRanker,
  labelRanker,
  versionRanker,
  maxJobRanker,
  previousExecutionsRanker,
  capacityRanker,
  availableRanker,
  randomRanker,
]

/** Which nodes suit a job, and what is wrong with the others. */
export function rankNodes({ job, nodes, executions, random }: RankNodesOptions): RankedNodes {
  const [task] = job.Tasks
  const unsuitable: UnsuitableNode[] = []
  if (task === undefined) return { suitable: [], unsuitable }
  const demand: Demand = { job, task, amounts: amountsOf(taskResources(task)), executions, random }
  let left: readonly SuitableNode[] = nodes.map((node) => ({ node, score: 0 }))
  for (const ranker of rankers) {
    const judge = ranker.prepare(
      demand,
      left.map(({ node }) => node),
    )
    left = left.flatMap(({ node, score }) => {
      const verdict = judge(node)
      if ('score' in verdict) return [{ node, score: score + verdict.score }]
      unsuitable.push({ node, ranker: ranker.name, reason: verdict.unsuitable })
      return []
    })
  }
  return { suitable: left.toSorted((a, b) => b.score - a.score), unsuitable }
}
