import { computeStates } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import type { ReadonlyJobState, StoredExecution } from '../jobs/job-state'
import type { MessageIndex } from './message-index'

/** What a node says that it has: ids of executions, after it had dealt with all messages up to `position`. */
export interface Holdings {
  readonly nodeId: string
  readonly position: number
  readonly executions: readonly string[]
}

/** In what a node and its orchestrator do not agree. */
interface HoldingsDifference {
  /** Live here; the node has been told of them, or has even spoken of them, but does not have them. */
  readonly forgotten: readonly StoredExecution[]
  /** The node has them, but nobody here wants them to go on there. */
  readonly unwanted: readonly string[]
}

/** What a node has against what is believed of it. Pure. A request that the node has not dealt with yet is no difference. */
export function compareHoldings(
  state: Pick<ReadonlyJobState, 'execution' | 'liveOn'>,
  index: Pick<MessageIndex, 'get'>,
  { nodeId, position, executions }: Holdings,
): HoldingsDifference {
  const held = new Set(executions)
  const wasThere = ({ ID, ComputeState }: StoredExecution): boolean =>
    (ComputeState.StateType !== computeStates.New && ComputeState.StateType !== computeStates.AskForBid) ||
    (index.get(ID)?.ask ?? Infinity) <= position
  const isWanted = (id: string): boolean => {
    const execution = state.execution(id)
    return execution?.NodeID === nodeId && !isTerminalExecution(execution)
  }
  return {
    forgotten: [...state.liveOn(nodeId)].filter((execution) => !held.has(execution.ID) && wasThere(execution)),
    unwanted: executions.filter((id) => !isWanted(id)),
  }
}
