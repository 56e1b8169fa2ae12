import { computeStates } from '../models/execution'
import type { Execution } from '../models/execution'

const lost = /^Node .+ (?:was lost while it had|came back without) this execution$/

/** What an execution says that failed because its node went away. */
export function lostWithNode(nodeId: string): string {
  return `Node ${nodeId} was lost while it had this execution`
}

/** What an execution says that failed because its node has lost what it keeps. */
export function forgottenByNode(nodeId: string): string {
  return `Node ${nodeId} came back without this execution`
}

/** Whether an execution failed only because its node went away. */
export function diedWithNode({ ComputeState }: Pick<Execution, 'ComputeState'>): boolean {
  return ComputeState.StateType === computeStates.Failed && lost.test(ComputeState.Message ?? '')
}
