import type { EvaluationTrigger } from '../../../shared/models/evaluation'
import type { Execution } from '../../../shared/models/execution'
import type { Job } from '../../../shared/models/job'
import type { Resources } from '../../../shared/models/resources'
import type { CandidateNode } from '../../../shared/placement/candidate-node'
import type { SchedulerLimits } from './plan'

/** A compute node as a scheduler sees it. `grace`: away, but so shortly that it may come back to the work it keeps. A node not named is lost. */
export interface SchedulingNode {
  readonly candidate: CandidateNode
  readonly approved: boolean
  readonly standing: 'connected' | 'grace' | 'lost'
}

/** Everything a decision about one job depends on. */
export interface SchedulingInput {
  /** Its latest version. */
  readonly job: Job
  /** Unix milliseconds at which that version was submitted; its time-outs count from there. */
  readonly submittedAt: number
  /** Of all versions, in the order in which they were made. */
  readonly executions: readonly Omit<Execution, 'Job'>[]
  /** All nodes. A function, because most looks have nothing to place and need not go over them. */
  readonly nodes: () => readonly SchedulingNode[]
  /** Of one node. */
  readonly standing: (nodeId: string) => SchedulingNode['standing']
  /** What an execution takes of its node, by the version of the job that it belongs to. */
  readonly takes: (execution: Omit<Execution, 'Job'>) => Resources
  readonly trigger: EvaluationTrigger
  /** Unix milliseconds. */
  readonly now: number
  readonly ids: { readonly execution: () => string; readonly evaluation: () => string }
  /** In [0, 1). */
  readonly random: () => number
  readonly limits: SchedulerLimits
}
