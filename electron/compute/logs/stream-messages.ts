import { z } from 'zod'
import { readJson } from '../../../shared/read-json'
import type { LogFrame } from './log-files'

/** What the consumer of a stream sends to open it. */
const openSchema = z.looseObject({
  consumerId: z.string().min(1),
  streamId: z.string().min(1),
  heartBeatRequestSub: z.string().min(1),
  body: z.string(),
})
const bodySchema = z.looseObject({
  ExecutionID: z.string(),
  NodeID: z.string().default(''),
  Tail: z.boolean().default(false),
  Follow: z.boolean().default(false),
})
const heartbeatReplySchema = z.looseObject({ NonActiveStreamIds: z.record(z.string(), z.array(z.string()).nullish()).nullish() })

/** A request for output. `heartbeatSubject`: where the consumer is asked whether it still listens. */
export interface OpenLogStream {
  readonly consumerId: string
  readonly streamId: string
  readonly heartbeatSubject: string
  readonly executionId: string
  readonly tail: boolean
  readonly follow: boolean
}

/** As WebSocket numbers them (RFC 6455, 7.4); those from 4000 are Bacalhau’s. */
export const closeCodes = { normal: 1000, goingAway: 1001, badRequest: 4000, internal: 5000 } as const

/** Undefined when it is no request for a log. */
export function readOpen(data: Uint8Array): OpenLogStream | undefined {
  const open = openSchema.safeParse(readJson(data))
  const body = open.success ? bodySchema.safeParse(readJson(Buffer.from(open.data.body, 'base64'))) : undefined
  if (!open.success || body?.success !== true) return undefined
  const { consumerId, streamId, heartBeatRequestSub } = open.data
  return {
    consumerId,
    streamId,
    heartbeatSubject: heartBeatRequestSub,
    executionId: body.data.ExecutionID,
    tail: body.data.Tail,
    follow: body.data.Follow,
  }
}

/** Ids of streams that the consumer no longer reads. */
export function readHeartbeatReply(data: Uint8Array, subject: string): readonly string[] | undefined {
  const reply = heartbeatReplySchema.safeParse(readJson(data))
  return reply.success ? (reply.data.NonActiveStreamIds?.[subject] ?? []) : undefined
}

/** Asks a consumer which of these streams it still reads. */
export function heartbeat(subject: string, streamIds: readonly string[]): Uint8Array {
  return json({ ActiveStreamIds: { [subject]: streamIds } })
}

/** A part of a log as text; `text` never ends within a character. */
export function dataMessage(type: LogFrame['type'], text: string): Uint8Array {
  return json({ type: 1, data: base64({ value: { Type: type, Line: text } }) })
}

/** An error in place of output; the stream is closed after it. */
export function errorMessage(text: string): Uint8Array {
  return json({ type: 1, data: base64({ error: text, value: { Type: 0, Line: '' } }) })
}

/** The last message of a stream. `code` is one of `closeCodes`. */
export function closeMessage(code: number, text = ''): Uint8Array {
  return json({ type: 2, closeError: { Code: code, Text: text } })
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
