import type { MessageInput, MessagePayload } from '../../shared/wire/messages'
import { goTime } from '../../shared/wire/times'

/** What a node sends about an execution. */
export type Outgoing =
  | { readonly type: 'BidResult'; readonly payload: MessageInput<'BidResult'> }
  | { readonly type: 'ComputeError'; readonly payload: MessageInput<'ComputeError'> }

/** Desired states of an execution (protocol 4.3): 0 asks for a bid, 1 wants it run at once. */
const RUN_AT_ONCE = 1

/**
 * The answer of a node that cannot run jobs yet. A bid is refused with the reason, so that the job goes elsewhere. An
 * execution that is to run at once (ops, daemon) is told as failed: a refused bid would let such a job count as completed.
 * Undefined for a request without an execution, which nobody can answer.
 */
export function refuseWork({ Execution: execution }: MessagePayload<'AskForBid'>, now: number): Outgoing | undefined {
  if (execution === null || execution === undefined || execution.ID === '') return undefined
  const task = execution.Job?.Tasks?.[0]
  const engine = task?.Engine?.Type ?? ''
  const why = engine === '' || engine.toLowerCase() === 'wasm' ? 'this node does not run jobs yet' : `this node does not support "${engine}"`
  const about = { ExecutionID: execution.ID, JobID: execution.JobID, JobType: execution.Job?.Type ?? '' }
  const event = (topic: string, message: string, details: Record<string, string>) => [
    { Message: message, Topic: topic, Timestamp: goTime(now), Details: details },
  ]
  if (execution.DesiredState?.StateType === RUN_AT_ONCE) {
    return { type: 'ComputeError', payload: { ...about, Events: event('Running Execution', why, { IsError: 'true' }) } }
  }
  return { type: 'BidResult', payload: { ...about, Events: event('Exec Scanning', `rejected bid: ${why}`, {}), Accepted: false } }
}
