import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { matchKeys } from '../../../shared/go-json'
import { ApiError, malformed } from '../reply/api-error'
import { describeJsonFault } from './json-fault'
import { bindError } from './read-query'

/** How much of a body that is too large is still read away, so that the client gets to see the answer; bytes and milliseconds. */
const drain = { bytes: 64 << 20, ms: 3000 }

/**
 * The whole body of a request.
 * @throws ApiError 413 when it is longer than `maxBytes`; the connection must be closed then
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  // By far the most requests have none.
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) return Buffer.alloc(0)
  const chunks: Buffer[] = []
  let length = 0
  let tooLargeSince: number | undefined
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= maxBytes) {
      chunks.push(chunk)
      continue
    }
    chunks.length = 0
    tooLargeSince ??= performance.now()
    if (length > maxBytes + drain.bytes || performance.now() - tooLargeSince > drain.ms) break
  }
  if (tooLargeSince !== undefined) throw new ApiError('InternalError', 'Request Entity Too Large', { status: 413 })
  return Buffer.concat(chunks)
}

/**
 * A body as the route's schema wants it, by Bacalhau's rules: JSON with `Content-Type: application/json`; an empty body or a form
 * counts as no fields; keys are matched without regard to case.
 * @throws ApiError 400
 */
export function parseBody(schema: z.ZodType, body: Buffer, contentType: string | undefined): unknown {
  const value = decode(body, contentType)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const got = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
    throw bindError(`Unmarshal type error: expected=object, got=${got}, field=, offset=1`)
  }
  const parsed = schema.safeParse(matchKeys(schema, value))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw bindError(`Unmarshal type error: field=${issue?.path.join('.') ?? ''}, ${issue?.message ?? 'invalid body'}`)
}

function decode(body: Buffer, contentType: string | undefined): unknown {
  if (body.length === 0) return {}
  const media = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (media === 'application/x-www-form-urlencoded' || media === 'multipart/form-data') return {}
  if (media !== 'application/json') throw malformed('code=415, message=Unsupported Media Type')
  const text = body.toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    // Go leaves every field at its zero value when the document is null.
    return value === null ? {} : value
  } catch (error) {
    throw bindError(describeJsonFault(text, error))
  }
}
