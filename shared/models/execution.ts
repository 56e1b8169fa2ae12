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
export type ComputeStateType = (typeof computeStates)[keyof typeof computeStates]
export const desiredStates = { Pending: 0, Running: 1, Stopped: 2 } as const
export type DesiredStateType = (typeof desiredStates)[keyof typeof desiredStates]

export interface RunOutput {
  readonly Stdout: string
  readonly StdoutTruncated: boolean
  readonly stderr: string
  readonly StderrTruncated: boolean
  readonly ExitCode: number
  readonly ErrorMsg: string
}

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
