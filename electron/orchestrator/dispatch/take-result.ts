import type { MessagePayload } from '../../../shared/wire/messages'
import type { Logger } from '../../log/logger'
import type { TakeMessage } from './data-plane'
import type { JobCore } from '../jobs/job-core'
import type { ReadonlyJobState } from '../jobs/job-state'
import type { Clock } from '../ports'
import type { Change } from '../scheduling/plan'
import { onBidResult, onComputeError, onRunResult } from '../scheduling/results'

interface TakeResultOptions {
  readonly core: JobCore
  readonly clock: Clock
  readonly log: Logger
}

type ResultMessage =
  | { readonly type: 'BidResult'; readonly payload: MessagePayload<'BidResult'> }
  | { readonly type: 'RunResult'; readonly payload: MessagePayload<'RunResult'> }
  | { readonly type: 'ComputeError'; readonly payload: MessagePayload<'ComputeError'> }

/**
 * Takes what nodes tell of executions: resolves when it is durable. What comes a second time, too late, or about nothing known, changes
 * nothing and is taken all the same: refusing it would only bring it back. But not before that which leaves nothing to change is durable.
 */
export function takeResult({ core, clock, log }: TakeResultOptions): TakeMessage {
  return async (nodeId, message) => {
    if (message.type !== 'BidResult' && message.type !== 'RunResult' && message.type !== 'ComputeError') {
      return log.warn('A message that no node should send is dropped', { node: nodeId, type: message.type })
    }
    // The subscriber has read the payload as what its type says.
    const result = { type: message.type, payload: message.payload } as ResultMessage
    const { ExecutionID } = result.payload
    const execution = core.state.execution(ExecutionID)
    if (execution === undefined || execution.NodeID !== nodeId) {
      log.info('A message about an execution that this node does not have is dropped', {
        node: nodeId,
        type: message.type,
        execution: ExecutionID,
      })
      return core.durable()
    }
    if (changesOf(core.state, result, clock.now()).length === 0) {
      log.debug('A message that changes nothing is dropped', { node: nodeId, type: message.type, execution: ExecutionID })
      return core.durable()
    }
    await core.transact(execution.JobID, 'exec-update', (state) => ({ changes: changesOf(state, result, clock.now()), value: undefined }))
  }
}

function changesOf(state: ReadonlyJobState, { type, payload }: ResultMessage, now: number): readonly Change[] {
  const execution = state.execution(payload.ExecutionID)
  const job = execution === undefined ? undefined : state.job(execution.JobID)?.versions.get(execution.JobVersion)
  if (execution === undefined || job === undefined) return []
  const input = { execution, job, now }
  switch (type) {
    case 'BidResult':
      return onBidResult({ message: payload, ...input })
    case 'RunResult':
      return onRunResult({ message: payload, ...input })
    case 'ComputeError':
      return onComputeError({ message: payload, ...input })
  }
}
