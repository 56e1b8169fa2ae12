import type { MessagePayload } from '../../shared/wire/messages'
import { subjects } from '../../shared/wire/subjects'
import type { Logger } from '../log/logger'
import type { NatsLink } from '../transport/link'
import { type DataMessage, startSubscriber } from '../transport/subscriber'
import type { Position } from './position'
import { type Outgoing, refuseWork } from './refuse-work'

export interface TakeMessagesOptions {
  readonly nodeId: string
  readonly position: Position
  readonly answer: (outgoing: Outgoing) => void
  readonly now: () => number
  readonly log: Logger
}

/** So many executions are remembered as answered, so that a repeated request is not answered twice. */
const MOST_REMEMBERED = 10_000

/**
 * What the orchestrator sends to this node. Bids are refused; everything about executions that this node does not know
 * (cancellations come after every ended execution) is acknowledged and left at that, as the protocol wants it.
 */
export function createMessageTaker({ nodeId, position, answer, now, log }: TakeMessagesOptions): (link: NatsLink) => { stop(): void } {
  const answered = new Set<string>()

  const handle = async (message: DataMessage): Promise<void> => {
    await position.settled()
    if (message.sequence !== undefined) position.value = message.sequence
    if (message.type !== 'AskForBid') return log.debug('A message about no execution of this node.', { type: message.type })
    // The subscriber has read the payload as what its type says.
    const outgoing = refuseWork(message.payload as MessagePayload<'AskForBid'>, now())
    if (outgoing === undefined) return log.warn('A request for a bid without an execution is ignored.', { sequence: message.sequence })
    const id = outgoing.payload.ExecutionID ?? ''
    if (answered.has(id)) return
    answered.add(id)
    const [oldest] = answered
    if (answered.size > MOST_REMEMBERED && oldest !== undefined) answered.delete(oldest)
    log.info('Refused an execution: this node does not run jobs yet.', { execution: id, job: outgoing.payload.JobID })
    answer(outgoing)
  }

  return (link) => startSubscriber(link, subjects(nodeId).toCompute, { log, handle })
}
