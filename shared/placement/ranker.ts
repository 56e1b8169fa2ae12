import type { Execution } from '../models/execution'
import type { Job, Task } from '../models/job'
import type { CandidateNode } from './candidate-node'
import type { Amounts } from './resource-arithmetic'

/** What decided, for explanations and tests. */
export type RankerName =
  'engine' | 'publisher' | 'storage' | 'labels' | 'version' | 'max-job' | 'previous-executions' | 'capacity' | 'available' | 'random'

/** The part of a job that placement looks at. */
export type PlacedJob = Pick<Job, 'Type' | 'Version' | 'Constraints' | 'Tasks'>
/** The part of an execution that placement looks at. */
export type PastExecution = Pick<Execution, 'NodeID' | 'JobVersion' | 'DesiredState' | 'ComputeState'>

/** What is to be placed, and what became of it so far. */
export interface Demand {
  readonly job: PlacedJob
  readonly task: Task
  /** What one execution takes. */
  readonly amounts: Amounts
  /** All executions of the job, of every version. */
  readonly executions: readonly PastExecution[]
  /** In [0, 1). */
  readonly random: () => number
}

/** Points to be added up, or why the node will not do. */
type Verdict = { readonly score: number } | { readonly unsuitable: string }

/** One question about nodes. `prepare` works out what is the same for all of them, once. */
export interface Ranker {
  readonly name: RankerName
  /** @param nodes those that no earlier ranker has ruled out */
  prepare(demand: Demand, nodes: readonly CandidateNode[]): (node: CandidateNode) => Verdict
}

/** Points for a requirement that is met. */
export const preferred = 10
