import type { Logger } from '../../log/logger'
import type { JobCore } from '../jobs/job-core'
import type { ReadonlyJobState } from '../jobs/job-state'
import type { NodeTable } from '../nodes/node-table'
import type { Clock } from '../ports'
import { onForgotten } from '../scheduling/results'
import { compareHoldings } from './compare-holdings'
import type { Holdings } from './compare-holdings'
import type { MessageIndex } from './message-index'

/** What it takes to hold a node's word against what is stored. */
interface ReconcileParts {
  readonly core: JobCore
  readonly messages: MessageIndex
  readonly table: NodeTable
  readonly clock: Clock
  readonly log: Logger
}

/**
 * A node says what it has: what it has lost is given up, what it should end is the answer. Undefined when that cannot be said now.
 * Never rejects.
 */
export async function reconcileHoldings(
  { core, messages, table, clock, log }: ReconcileParts,
  holdings: Holdings,
): Promise<readonly string[] | undefined> {
  const { nodeId } = holdings
  // Of two nodes of one id, neither has what the other one has.
  if (core.refusal !== undefined || table.live(nodeId).conflict !== undefined) return undefined
  const { forgotten, unwanted } = compareHoldings(core.state, messages, holdings)
  if (forgotten.length > 0) log.warn('A node came back without executions that it had', { node: nodeId, executions: forgotten.length })
  if (unwanted.length > 0) log.info('A node has executions that are not wanted', { node: nodeId, executions: unwanted.length })
  for (const { ID, JobID } of forgotten) {
    const changes = (state: ReadonlyJobState) => {
      const execution = state.execution(ID)
      return { changes: execution === undefined ? [] : onForgotten(execution, clock.now()), value: undefined }
    }
    core
      .transact(JobID, 'exec-update', changes)
      .catch((error: unknown) => log.warn('The loss of an execution could not be stored', { execution: ID, error }))
  }
  // A node ends its work for good: not on the word of what may never be stored.
  return core.durable().then(
    () => unwanted,
    () => undefined,
  )
}
