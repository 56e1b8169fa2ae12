import { AppError, toFailure } from '../../../shared/errors'
import { crc32 } from './crc32'
import { readProtobufBody } from './protobuf-body'

/** Metadata keys of Bacalhau's envelope (`pkg/lib/envelope/metadata.go`, `pkg/lib/ncl/constants.go`). */
export const metadataKeys = {
  type: 'Bacalhau-Type',
  legacyType: 'Type',
  encoding: 'Bacalhau-PayloadEncoding',
  legacyEncoding: 'PayloadEncoding',
  source: 'Bacalhau-Source',
  eventTime: 'Bacalhau-EventTime',
  messageId: 'Bacalhau-MessageID',
  sequence: 'Bacalhau-SeqNum',
  subject: 'Bacalhau-Subject',
  statusCode: 'Bacalhau-StatusCode',
  errorCode: 'Bacalhau-ErrorCode',
} as const

/** A message of NCL before it is encoded. `source`: the node that sends it. */
export interface OutgoingEnvelope {
  readonly type: string
  readonly payload: unknown
  readonly source?: string
  readonly metadata?: Readonly<Record<string, string>>
  /** Unix milliseconds; now if absent. */
  readonly at?: number
}

interface IncomingEnvelope {
  readonly type: string
  /** Any JSON value, not checked (`readMessage` does that). */
  readonly payload: unknown
  readonly metadata: Readonly<Record<string, string>>
}

const headerSize = 5
const jsonVersion = 1
const protobufVersion = 2
const encoder = new TextEncoder()
// Go takes a byte order mark for a broken value and bad UTF-8 for U+FFFD.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes of a message (JSON v1) and the same metadata as NATS headers. */
export function encodeEnvelope({ type, payload, source, metadata, at = Date.now() }: OutgoingEnvelope): {
  readonly data: Uint8Array
  readonly headers: Readonly<Record<string, string>>
} {
  // Not with a spread: V8 then gives the headers of each message a hidden class of their own.
  const headers: Record<string, string> = Object.assign({}, metadata)
  if (source !== undefined) headers[metadataKeys.source] = source
  headers[metadataKeys.eventTime] = nanosecondsOf(at)
  headers[metadataKeys.encoding] = 'json'
  headers[metadataKeys.legacyEncoding] = 'json'
  headers[metadataKeys.type] = type
  headers[metadataKeys.legacyType] = type
  const body = encoder.encode(JSON.stringify({ metadata: headers, payload: payload ?? null }))
  const data = new Uint8Array(headerSize + body.length)
  data[0] = jsonVersion
  new DataView(data.buffer).setUint32(1, crc32(body))
  data.set(body, headerSize)
  return { data, headers }
}

/**
 * Reads the bytes of any message, JSON v1 or protobuf v1. Throws an AppError (`envelope.…` or `payload.unsupported-encoding`) whose
 * message is the text a Bacalhau process gives for the same bytes, except where that text is its JSON library's.
 */
export function decodeEnvelope(data: Uint8Array): IncomingEnvelope {
  if (data.length === 0) throw envelopeError('empty', 'empty data')
  if (data.length < headerSize) throw envelopeError('too-short', 'bad message: too short')
  const version = data[0] ?? 0
  if (version !== jsonVersion && version !== protobufVersion)
    throw envelopeError('unsupported-encoding', `unsupported encoding: 0x${version.toString(16).padStart(2, '0')}`)
  const body = data.subarray(headerSize)
  const expected = new DataView(data.buffer, data.byteOffset).getUint32(1)
  if (crc32(body) !== expected) throw envelopeError('crc', 'bad message: CRC check failed')
  const { metadata, payload } = version === jsonVersion ? readJsonBody(body) : readProtobuf(body)
  const encoding = metadata[metadataKeys.encoding] ?? metadata[metadataKeys.legacyEncoding] ?? ''
  if (encoding !== 'json')
    throw new AppError('payload.unsupported-encoding', `failed to deserialize message payload: unsupported encoding: ${encoding}`)
  return { type: metadata[metadataKeys.type] ?? metadata[metadataKeys.legacyType] ?? '', payload: payload(), metadata }
}

interface Body {
  readonly metadata: Readonly<Record<string, string>>
  /** Reads the payload; apart, because a real peer looks at the metadata first. */
  readonly payload: () => unknown
}

function readJsonBody(body: Uint8Array): Body {
  const wrong = (text: string): AppError => envelopeError('body', `failed to deserialize with encoding json-v1: ${text}`)
  if (body.length === 0) throw wrong('data is empty')
  const value = parseJson(body, wrong)
  if (!isObject(value)) throw wrong('the body is not a JSON object')
  const rawMetadata = memberOf(value, 'metadata')
  // A real peer dies of this one; everyone else answers.
  if (rawMetadata === undefined || rawMetadata === null) throw envelopeError('metadata', 'the metadata is missing')
  if (!isObject(rawMetadata)) throw wrong('the metadata is not a JSON object')
  const metadata: Record<string, string> = {}
  for (const [key, item] of Object.entries(rawMetadata)) {
    if (typeof item !== 'string' && item !== null) throw wrong(`the metadata value ${JSON.stringify(key)} is not a string`)
    setOwn(metadata, key, item ?? '')
  }
  const payload = memberOf(value, 'payload')
  return {
    metadata,
    payload: () => {
      if (payload === undefined) throw payloadError('unexpected end of JSON input')
      return payload
    },
  }
}

function readProtobuf(body: Uint8Array): Body {
  const wrong = (text: string): AppError => envelopeError('body', `failed to deserialize with encoding protobuf-v1: ${text}`)
  let read: ReturnType<typeof readProtobufBody>
  try {
    read = readProtobufBody(body)
  } catch (error) {
    throw wrong(toFailure(error).message)
  }
  if (read.metadata === undefined) throw envelopeError('metadata', 'the metadata is missing')
  const metadata: Record<string, string> = {}
  for (const [key, value] of read.metadata) setOwn(metadata, key, value)
  const { payload } = read
  return { metadata, payload: () => (payload.length === 0 ? unreadable('unexpected end of JSON input') : parseJson(payload, payloadError)) }
}

function unreadable(text: string): never {
  throw payloadError(text)
}

function parseJson(bytes: Uint8Array, wrong: (text: string) => AppError): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch (error) {
    throw wrong(toFailure(error).message)
  }
}

const envelopeError = (reason: string, text: string): AppError =>
  new AppError(`envelope.${reason}`, `failed to deserialize message envelope: ${text}`)
const payloadError = (text: string): AppError =>
  new AppError('payload.invalid', `failed to deserialize message payload: failed to deserialize with encoding json: ${text}`)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A key in any case, as Go reads it; the exact one wins. */
function memberOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name]
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === name)
  return key === undefined ? undefined : object[key]
}

/** Unix nanoseconds of Unix milliseconds. In digits: they are too many for a number. */
function nanosecondsOf(ms: number): string {
  const whole = Math.trunc(ms)
  return whole === 0 ? '0' : `${String(whole)}000000`
}

/** Assigning `__proto__` would change the object instead of adding a key. */
function setOwn(target: Record<string, string>, key: string, value: string): void {
  if (key !== '__proto__') target[key] = value
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}
