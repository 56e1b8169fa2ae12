import { computeStates } from '../models/execution'
import type { Execution } from '../models/execution'

/** What an execution says that failed because its node went away (Bacalhau's text). */
export const nodeDisappeared = 'Execution stop requested because node has disappeared'

/** Whether an execution failed only because its node went away. */
export function diedWithNode({ ComputeState }: Pick<Execution, 'ComputeState'>): boolean {
  return ComputeState.StateType === computeStates.Failed && ComputeState.Message === nodeDisappeared
}
