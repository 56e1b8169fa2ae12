import { AppError } from '../../../shared/errors'
import { readMessage, readPayload, type MessagePayload, type MessageType } from '../../../shared/wire/messages'
import { errorOfReply } from './bac-error'
import { decodeEnvelope, encodeEnvelope } from './envelope'
import type { NatsLink } from '../link'
import type { Reply } from './responder'

interface EnvelopeRequest {
  readonly type: string
  readonly payload: unknown
  readonly source: string
  readonly timeoutMs: number
}

/**
 * One request and its reply, both in envelopes. Rejects with the link's errors, with the code of a `BacError` reply, or with the
 * code of what is wrong with the reply. The payload is checked and has canonical keys.
 */
export async function requestEnvelope(link: NatsLink, subject: string, { type, payload, source, timeoutMs }: EnvelopeRequest): Promise<Reply> {
  const { data, headers } = encodeEnvelope({ type, payload, source })
  const answer = await link.request(subject, data, { timeoutMs, headers })
  const envelope = decodeEnvelope(answer.data)
  if (envelope.type === 'BacError') throw errorOfReply(readPayload('BacError', envelope.payload))
  return { type: envelope.type, payload: readMessage(envelope.type, envelope.payload) }
}

/** As `requestEnvelope`, where only one type of reply makes sense; rejects with `payload.unexpected-type` for another. */
export async function requestTyped<Type extends MessageType>(
  link: NatsLink,
  subject: string,
  request: EnvelopeRequest,
  expected: Type,
): Promise<MessagePayload<Type>> {
  const reply = await requestEnvelope(link, subject, request)
  if (reply.type !== expected) throw new AppError('payload.unexpected-type', `The answer to ${request.type} is a ${reply.type}, not a ${expected}.`)
  return readPayload(expected, reply.payload)
}
