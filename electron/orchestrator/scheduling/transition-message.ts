import { computeStates, desiredStates, type Execution } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'

type States = Pick<Execution, 'DesiredState' | 'ComputeState'>

/**
 * What the node of an execution has to be told of a change. Bacalhau also cancels what the node itself has just
 * ended; nothing needs that, so it is left out where the node's own word was the last one for sure.
 */
export function transitionMessage(previous: States | undefined, current: States): 'AskForBid' | 'BidAccepted' | 'CancelExecution' | undefined {
  const { Stopped, Pending, Running } = desiredStates
  const desired = current.DesiredState.StateType
  if (previous === undefined) return desired === Stopped ? undefined : 'AskForBid'
  const before = previous.DesiredState.StateType
  if (before === Pending && desired === Running) return 'BidAccepted'
  if (before === Stopped || desired !== Stopped || isTerminalExecution(previous)) return undefined
  const toldByNode = current.ComputeState.StateType === computeStates.Completed || current.ComputeState.StateType === computeStates.AskForBidRejected
  return toldByNode ? undefined : 'CancelExecution'
}
