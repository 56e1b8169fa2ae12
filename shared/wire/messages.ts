import type { z } from 'zod'
import { AppError } from '../errors'
import { matchKeys } from '../go-json'
import { bacErrorSchema } from './bac-error'
import * as control from './control'
import * as data from './data'

/** Every message type of the NCL protocol and the shape of its payload (`pkg/transport/nclprotocol/registry.go`). */
export const messageSchemas = {
  'transport.HandshakeRequest': control.handshakeRequestSchema,
  'transport.HandshakeResponse': control.handshakeResponseSchema,
  'transport.HeartbeatRequest': control.heartbeatRequestSchema,
  'transport.HeartbeatResponse': control.heartbeatResponseSchema,
  'transport.UpdateNodeInfoRequest': control.updateNodeInfoRequestSchema,
  'transport.UpdateNodeInfoResponse': control.updateNodeInfoResponseSchema,
  'transport.ShutdownNoticeRequest': control.shutdownNoticeRequestSchema,
  'transport.ShutdownNoticeResponse': control.shutdownNoticeResponseSchema,
  AskForBid: data.askForBidSchema,
  BidAccepted: data.bidAcceptedSchema,
  BidRejected: data.bidRejectedSchema,
  CancelExecution: data.cancelExecutionSchema,
  BidResult: data.bidResultSchema,
  RunResult: data.runResultSchema,
  ComputeError: data.computeErrorSchema,
  'managedPublisher.PreSignURLRequest': data.preSignUrlRequestSchema,
  'managedPublisher.PreSignURLResponse': data.preSignUrlResponseSchema,
  BacError: bacErrorSchema,
} as const

/** As it stands in the envelope’s `Type`. */
export type MessageType = keyof typeof messageSchemas
/** A payload after `readPayload`: no gaps. */
export type MessagePayload<Type extends MessageType> = z.infer<(typeof messageSchemas)[Type]>
/** What a sender has to write: fields with defaults may be left out. */
export type MessageInput<Type extends MessageType> = z.input<(typeof messageSchemas)[Type]>

/** Whether NCL has such a message; upper and lower case differ. */
export const isMessageType = (type: string): type is MessageType => Object.hasOwn(messageSchemas, type)

/** A payload with canonical keys and zero values filled in, read as leniently as Go reads it; throws `payload.invalid`. */
export function readPayload<Type extends MessageType>(type: Type, payload: unknown): MessagePayload<Type>
export function readPayload(type: MessageType, payload: unknown): unknown {
  const schema = messageSchemas[type]
  // `null` is Go's zero value for the whole message.
  const read = schema.safeParse(matchKeys(schema, payload ?? {}))
  if (read.success) return read.data
  throw new AppError('payload.invalid', `failed to deserialize message payload: failed to deserialize with encoding json: ${firstIssue(read.error)}`)
}

/** As `readPayload`, for a type name that came over the wire; throws `payload.unknown-type` for one nobody knows. */
export function readMessage(type: string, payload: unknown): unknown {
  if (!isMessageType(type)) throw new AppError('payload.unknown-type', `failed to deserialize message payload: unsupported message type: ${type}`)
  return readPayload(type, payload)
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues
  if (issue === undefined) return 'unknown reason'
  return issue.path.length === 0 ? issue.message : `${issue.message} (${issue.path.map(String).join('.')})`
}
