import type { Evaluation, EvaluationTrigger } from '../../../shared/models/evaluation'
import type { Execution } from '../../../shared/models/execution'
import type { Job } from '../../../shared/models/job'
import type { JobHistory } from '../../../shared/models/job-history'

/** A look at a job that failed too often; a person has to do something. Unix milliseconds. */
export interface DeadLetter {
  readonly jobId: string
  readonly trigger: EvaluationTrigger
  readonly reason: string
  readonly at: number
}

/** One change of the state of jobs. A transaction is a list of them, stored as one record of the ledger. */
export type Change =
  | { readonly put: 'job'; readonly job: Job }
  | { readonly patch: 'job'; readonly id: string; readonly version: number; readonly fields: Partial<Pick<Job, 'State' | 'Revision' | 'ModifyTime'>> }
  | { readonly put: 'execution'; readonly execution: Omit<Execution, 'Job'> }
  | { readonly patch: 'execution'; readonly id: string; readonly fields: ExecutionPatch }
  | { readonly add: 'history'; readonly jobId: string; readonly entry: Omit<JobHistory, 'SeqNum'> }
  | { readonly put: 'evaluation'; readonly evaluation: Evaluation }
  | { readonly drop: 'evaluation'; readonly id: string }
  | { readonly put: 'dead-letter'; readonly deadLetter: DeadLetter }
  | { readonly drop: 'job'; readonly id: string }

/** Fields of an execution that a plan sets. */
export type ExecutionPatch = Partial<Pick<Execution, 'DesiredState' | 'ComputeState' | 'PublishedResult' | 'RunOutput' | 'Revision' | 'ModifyTime'>>

/** How much one look may do, and when to look again. Milliseconds. */
export interface SchedulerLimits {
  /** New executions, and running ones of older versions that are stopped, in one look. */
  readonly perLook: number
  /** When the rest of them is done. */
  readonly perLookDelayMs: number
  /** `Orchestrator.Scheduler.QueueBackoff`: the longest wait of a queued job that nothing wakes. */
  readonly queueBackoffMs: number
  /** `Orchestrator.Scheduler.HousekeepingTimeout`: how long after its time-out an execution may still be told of by its node. */
  readonly timeoutGraceMs: number
}

/** What a look at a job comes to. */
export interface Plan {
  readonly changes: readonly Change[]
  /** Every later look that the job needs; those not named here are not needed any more. Unix milliseconds. */
  readonly evaluate: readonly { readonly trigger: EvaluationTrigger; readonly dueAt: number }[]
  /** The job waits for a node, and why. */
  readonly waiting?: { readonly reason: string }
}
