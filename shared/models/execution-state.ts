import { computeStates, desiredStates } from './execution'
import type { ComputeStateType, Execution } from './execution'

const ended: ReadonlySet<ComputeStateType> = new Set([
  computeStates.AskForBidRejected,
  computeStates.BidRejected,
  computeStates.Completed,
  computeStates.Failed,
  computeStates.Cancelled,
])

/** Whether nothing will happen to an execution any more. */
export function isTerminalExecution({ DesiredState, ComputeState }: Pick<Execution, 'DesiredState' | 'ComputeState'>): boolean {
  return DesiredState.StateType === desiredStates.Stopped || ended.has(ComputeState.StateType)
}

/** Whether an execution ended without a result: refused, failed or cancelled. */
export function isDiscardedExecution(execution: Pick<Execution, 'DesiredState' | 'ComputeState'>): boolean {
  return execution.ComputeState.StateType !== computeStates.Completed && ended.has(execution.ComputeState.StateType)
}
