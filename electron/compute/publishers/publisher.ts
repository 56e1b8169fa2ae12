import type { SpecConfig } from '../../../shared/models/job'
import type { ResultFolder, Availability } from '../executors/executor'

/** What an execution has left behind. */
export interface FinishedWork {
  readonly executionId: string
  readonly jobId: string
  /** Holds the files `stdout` and `stderr`; either may be missing, which is an empty one. */
  readonly outputFolder: string
  readonly results: readonly ResultFolder[]
  readonly exitCode: number
}

/** One way of handing out results. */
export interface Publisher {
  /** As in `Publisher.Type`, in lower case. */
  readonly type: string
  available(): Promise<Availability>
  /** What the job's results are told to be. Rejects with AppError. */
  publish(work: FinishedWork): Promise<SpecConfig>
  close(): Promise<void>
}
