import { computeStates as states } from '../../../shared/models/execution'
import type { ComputeStateType } from '../../../shared/models/execution'

/** What happens to an execution on its node. */
export type ExecutionStep =
  'bid' | 'bid-refused' | 'approved' | 'bid-rejected' | 'started' | 'publishing' | 'completed' | 'failed' | 'cancelled' | 'run-again'

interface Row {
  readonly from: readonly ComputeStateType[]
  readonly to: ComputeStateType
}

const { New, AskForBidAccepted, AskForBidRejected, BidAccepted, BidRejected, Running, Publishing, Completed, Failed, Cancelled } = states

/** The legal ways of an execution on the compute side. */
const table: Readonly<Record<ExecutionStep, Row>> = {
  bid: { from: [New], to: AskForBidAccepted },
  'bid-refused': { from: [New, AskForBidAccepted], to: AskForBidRejected },
  approved: { from: [New, AskForBidAccepted], to: BidAccepted },
  'bid-rejected': { from: [New, AskForBidAccepted], to: BidRejected },
  started: { from: [BidAccepted], to: Running },
  publishing: { from: [Running], to: Publishing },
  completed: { from: [Running, Publishing], to: Completed },
  failed: { from: [New, AskForBidAccepted, BidAccepted, Running, Publishing], to: Failed },
  cancelled: { from: [New, AskForBidAccepted, BidAccepted, Running, Publishing], to: Cancelled },
  'run-again': { from: [BidAccepted, Running, Publishing], to: BidAccepted },
}

/** The state that a step leads to; undefined where it is none of the state's steps, which then changes nothing. */
export function stateAfter(state: ComputeStateType, step: ExecutionStep): ComputeStateType | undefined {
  const { from, to } = table[step]
  return from.includes(state) ? to : undefined
}

const ended: ReadonlySet<ComputeStateType> = new Set([AskForBidRejected, BidRejected, Completed, Failed, Cancelled])

/** Whether nothing more happens to an execution on this node. */
export function isEnded(state: ComputeStateType): boolean {
  return ended.has(state)
}

/** What a node that starts does with an execution that it finds (as Bacalhau does, without its defects). */
type Recovery = 'bid' | 'wait' | 'run' | 'fail' | 'none'

/** @param endsByItself batch and ops jobs: what was interrupted is told as failed, so that it goes to whichever node is best */
export function recoveryOf(state: ComputeStateType, endsByItself: boolean): Recovery {
  if (isEnded(state)) return 'none'
  if (state === New) return 'bid'
  if (state === AskForBidAccepted) return 'wait'
  return endsByItself ? 'fail' : 'run'
}
