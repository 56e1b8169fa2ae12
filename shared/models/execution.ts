import type { Job, SpecConfig, State } from './job'
import type { Resources } from './resources'

/** Bacalhau's ComputeState numbers. */
export const computeStates = {
  Undefined: 0,
  New: 1,
  AskForBid: 2,
  AskForBidAccepted: 3,
  AskForBidRejected: 4,
  BidAccepted: 5,
  Running: 6,
  Publishing: 7,
  BidRejected: 8,
  Completed: 9,
  Failed: 10,
  Cancelled: 11,
} as const
/** What a node does with an execution. */
export type ComputeStateType = (typeof computeStates)[keyof typeof computeStates]
/** Bacalhau’s DesiredState numbers: what an orchestrator wants of a node. */
export const desiredStates = { Pending: 0, Running: 1, Stopped: 2 } as const
/** What is to become of an execution. */
export type DesiredStateType = (typeof desiredStates)[keyof typeof desiredStates]

/** The beginning of a program’s output and its exit code. `stderr` is lower case in Bacalhau’s JSON. */
export interface RunOutput {
  readonly Stdout: string
  readonly StdoutTruncated: boolean
  readonly stderr: string
  readonly StderrTruncated: boolean
  readonly ExitCode: number
  readonly ErrorMsg: string
}

/** One attempt to run a job on one node (Bacalhau’s `models.Execution`); times are Unix nanoseconds. */
export interface Execution {
  readonly ID: string
  readonly Namespace: string
  readonly EvalID: string
  readonly Name: string
  readonly NodeID: string
  readonly JobID: string
  /** The job as it was when this execution was made. In memory a shared reference, on the wire a copy. */
  readonly Job?: Job
  readonly JobVersion: number
  readonly AllocatedResources: { readonly Tasks: Readonly<Record<string, Resources>> }
  readonly DesiredState: State<DesiredStateType>
  readonly ComputeState: State<ComputeStateType>
  readonly PublishedResult: SpecConfig
  readonly RunOutput: RunOutput
  readonly PreviousExecution: string
  readonly NextExecution: string
  readonly FollowupEvalID: string
  readonly PartitionIndex?: number
  readonly Revision: number
  readonly CreateTime: number
  readonly ModifyTime: number
}
