import type { JobType } from './job'

/** Why a job is looked at. */
export type EvaluationTrigger =
  | 'job-register'
  | 'job-update'
  | 'job-rerun'
  | 'job-cancel'
  | 'job-queue'
  | 'job-timeout'
  | 'exec-update'
  | 'exec-timeout'
  | 'exec-limit'
  | 'node-join'
  | 'node-leave'
  | 'restart'

/** A look at a job that is due later; looks that are due now happen at once and are never stored. Times are Unix milliseconds. */
export interface Evaluation {
  readonly id: string
  readonly jobId: string
  readonly type: JobType
  readonly trigger: EvaluationTrigger
  readonly priority: number
  readonly dueAt: number
  /** Looks that failed before this one. */
  readonly tries: number
}
