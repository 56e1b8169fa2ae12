import { toFailure } from '../../../shared/errors'
import type { MessagePayload } from '../../../shared/wire/messages'
import { subjects } from '../../../shared/wire/subjects'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { type DataMessage, startSubscriber } from '../../transport/ncl/subscriber'
import type { ExecutionsLoader } from '../executions-loader'
import type { Outgoing } from './outgoing'
import type { Position } from './position'

interface TakeMessagesOptions {
  readonly nodeId: string
  readonly position: Position
  readonly executions: ExecutionsLoader
  /** Tells what needs no keeping: the refusal of a node that cannot keep anything. */
  readonly answer: (outgoing: Outgoing) => void
  readonly now: () => number
  readonly log: Logger
}

/**
 * What the orchestrator sends to this node. Messages are taken as they come, and share their way to the disk; acknowledgements and the position keep
 * their order. A cancellation reaches a node that never ran anything after every return of an orchestrator: it starts nothing.
 */
export function createMessageTaker({ nodeId, position, executions, answer, now, log }: TakeMessagesOptions): (link: NatsLink) => { stop(): void } {
  let before: Promise<void> = Promise.resolve()

  const take = async (message: DataMessage): Promise<void> => {
    if (executions.current === undefined && message.type !== 'AskForBid') {
      // One that is still opened has to be asked; one that was never needed knows of nothing.
      if (!executions.loading) return log.debug('A message about no execution of this node.', { type: message.type })
    }
    try {
      await (await executions.get()).take(message)
    } catch (error) {
      await refuse(message, error)
    }
  }

  /** An orchestrator waits for an answer for ever: a node that cannot run anything says so. */
  const refuse = async ({ type, payload }: DataMessage, error: unknown): Promise<void> => {
    log.error('This node cannot run executions.', { error })
    if (type !== 'AskForBid') return
    const { bidResult } = await import('../executions/messages')
    // The subscriber has read the payload as what its type says.
    const { Execution: execution } = payload as MessagePayload<'AskForBid'>
    if (execution === null || execution === undefined || execution.ID === '') return
    const about = { executionId: execution.ID, jobId: execution.JobID, jobType: execution.Job?.Type ?? '' }
    answer(bidResult(about, [toFailure(error).message], now()))
  }

  const count = ({ sequence }: DataMessage): void => {
    if (sequence === undefined) return
    position.value = sequence
    if (executions.current !== undefined) executions.current.position = sequence
  }

  const handle = async (message: DataMessage): Promise<void> => {
    await position.settled()
    const taken = take(message)
    const earlier = before
    before = Promise.all([earlier, taken]).then(() => undefined)
    await before
    count(message)
  }

  return (link) => startSubscriber(link, subjects(nodeId).toCompute, { log, handle, order: 'ahead' })
}
