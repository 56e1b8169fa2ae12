import { isTerminalExecution } from '../../../shared/models/execution-state'
import type { MessageIndex } from '../dispatch/message-index'
import type { JobRecord } from '../jobs/job-state'
import type { NodeTable } from '../nodes/node-table'

/** Whether every node of a job's executions has heard of their end, or is not a node any more: an archived job is not told again. */
export function settledOn(table: NodeTable, messages: () => MessageIndex): (record: JobRecord) => boolean {
  return ({ executions }) =>
    [...executions.values()].every((execution) => {
      if (!isTerminalExecution(execution)) return false
      const { ID, NodeID } = execution
      const end = messages().get(ID)?.end
      return end === undefined || !table.isKnown(NodeID) || end <= table.live(NodeID).orchestratorSequence
    })
}
