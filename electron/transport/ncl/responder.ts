import { AppError, toFailure } from '../../../shared/errors'
import { readMessage, type MessagePayload, type MessageType } from '../../../shared/wire/messages'
import { nodeIdOf } from '../../../shared/wire/subjects'
import { bacErrorReply, thrownReply } from './bac-error'
import { decodeEnvelope, encodeEnvelope, metadataKeys, type OutgoingEnvelope } from './envelope'
import type { LinkMessage, NatsLink } from '../link'
import type { TransportLog } from '../log'
import { createSerialQueues } from './serial-queues'

/** What is known of a request beside its payload. */
export interface RequestContext {
  readonly subject: string
  /** The node that the subject belongs to: the only name in a request that the server has checked. Empty for other subjects. */
  readonly nodeId: string
  /** Unix milliseconds. */
  readonly receivedAt: number
}

/** `type` is one of NCL’s message types. */
export interface Reply {
  readonly type: string
  readonly payload: unknown
}

/** Handlers by message type. Payloads are checked and have canonical keys. */
export type RequestHandlers = { readonly [Type in MessageType]?: (payload: MessagePayload<Type>, context: RequestContext) => Promise<Reply> }

interface ResponderOptions {
  /** The name it answers under (`Bacalhau-Source`). */
  readonly source: string
  readonly log: TransportLog
  readonly handlers: RequestHandlers
  readonly now?: () => number
}

/** Requests of one node that may wait; more are refused, so that a flood costs its sender and nobody else. */
const waitingLimit = 1000

/**
 * Answers every request on `subject` with an envelope, whatever arrives. Requests of one node are handled one after the other, those
 * of different nodes side by side.
 */
export function startResponder(link: NatsLink, subject: string, { source, log, handlers, now = Date.now }: ResponderOptions): { stop(): void } {
  const queues = createSerialQueues(waitingLimit)

  const answer = (request: LinkMessage, reply: Omit<OutgoingEnvelope, 'source' | 'at'>): void => {
    if (request.reply === undefined) return
    const messageId = request.header(metadataKeys.messageId)
    const metadata = { ...reply.metadata, ...(messageId === undefined || messageId === '' ? {} : { [metadataKeys.messageId]: messageId }) }
    try {
      const { data, headers } = encodeEnvelope({ type: reply.type, payload: reply.payload, metadata, source, at: now() })
      link.publish(request.reply, data, { headers })
    } catch (error) {
      log.error('An answer could not be sent', { subject: request.subject, type: reply.type, error: toFailure(error).message })
      if (reply.type !== 'BacError') answer(request, bacErrorReply(`failed to encode response: ${toFailure(error).message}`, ''))
    }
  }

  const handle = async (request: LinkMessage, type: string, payload: unknown, context: RequestContext): Promise<void> => {
    const handler = handlerOf(handlers, type)
    if (handler === undefined) {
      log.debug('Nobody handles this type of request', { subject: request.subject, type })
      return answer(request, bacErrorReply(`no handler found for message type: ${type}`, 'NotFound'))
    }
    try {
      answer(request, await handler(payload, context))
    } catch (error) {
      if (!(error instanceof AppError))
        log.error('A handler of requests threw', {
          subject: request.subject,
          type,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
      answer(request, thrownReply(error))
    }
  }

  const receive = (request: LinkMessage): void => {
    if (request.reply === undefined) return log.warn('A request without a reply subject is dropped', { subject: request.subject })
    const context: RequestContext = { subject: request.subject, nodeId: nodeIdOf(request.subject) ?? '', receivedAt: now() }
    let type: string
    let payload: unknown
    try {
      const envelope = decodeEnvelope(request.data)
      type = envelope.type
      payload = readMessage(type, envelope.payload)
    } catch (error) {
      const text = toFailure(error).message
      log.debug('A request cannot be read', { subject: request.subject, error: text })
      return answer(request, bacErrorReply(`failed to deserialize request: ${text}`, ''))
    }
    const accepted = queues.run(context.nodeId, () => handle(request, type, payload, context))
    if (!accepted) answer(request, bacErrorReply(`too many requests of ${context.nodeId} are waiting`, 'TooManyRequests'))
  }

  const subscription = link.subscribe(subject, receive)
  return { stop: () => subscription.unsubscribe() }
}

/** The payload has been checked against `type`, and the table ties each handler to its type; TypeScript cannot follow that through a string. */
function handlerOf(handlers: RequestHandlers, type: string): ((payload: unknown, context: RequestContext) => Promise<Reply>) | undefined {
  const table: Readonly<Record<string, ((payload: never, context: RequestContext) => Promise<Reply>) | undefined>> = handlers
  const handler = Object.hasOwn(table, type) ? table[type] : undefined
  return handler === undefined ? undefined : (payload, context) => handler(payload as never, context)
}
