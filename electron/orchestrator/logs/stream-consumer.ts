import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { readJson } from '../../../shared/read-json'
import type { Logger } from '../../log/logger'
import type { LinkMessage, NatsLink } from '../../transport/link'

/** What of an execution's output is asked. `Tail`: only what is written from now on. */
export interface LogRequest {
  readonly ExecutionID: string
  readonly NodeID: string
  readonly Tail: boolean
  readonly Follow: boolean
}

/** What a stream of output tells. */
export type LogEvent =
  /** `Type` 1 is stdout, 2 stderr; `Line` is a chunk as it was written, with its own line ends. */
  | { readonly kind: 'chunk'; readonly Type: number; readonly Line: string }
  | { readonly kind: 'error'; readonly message: string }
  /** The stream has ended; nothing comes after it. `message` where it did not end in order. */
  | { readonly kind: 'end'; readonly message?: string }

/** Streams of output from nodes, over NATS. */
export interface StreamConsumer {
  /** Asks a node; returns the way to let go, which the node learns of at its next heartbeat. */
  open(request: LogRequest, onEvent: (event: LogEvent) => void): () => void
  /** A node is gone: what it was streaming ends with that. */
  nodeLost(nodeId: string): void
  readonly openStreams: number
  stop(): void
}

interface Stream {
  readonly nodeId: string
  readonly subject: string
  readonly onEvent: (event: LogEvent) => void
}

const frameSchema = z.looseObject({
  type: z.number().default(0),
  data: z.string().default(''),
  closeError: z.looseObject({ Code: z.number().default(1000), Text: z.string().default('') }).nullish(),
})
const entrySchema = z.looseObject({
  error: z.string().nullish(),
  value: z.looseObject({ Type: z.number().default(0), Line: z.string().default('') }).nullish(),
})
const heartbeatSchema = z.looseObject({ ActiveStreamIds: z.record(z.string(), z.array(z.string()).nullish()).nullish() })

const normalClose = 1000
const closeLabels = new Map([
  [1001, 'going away'],
  [1003, 'unsupported data'],
  [1006, 'abnormal closure'],
  [4000, 'bad request'],
  [5000, 'internal server error'],
])

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const randomName = (length: number): string => Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('')

/** One inbox for all streams of this orchestrator. */
export function createStreamConsumer(link: NatsLink, log: Logger): StreamConsumer {
  const inbox = `_SINBOX.${randomName(22)}`
  const heartbeats = `_HEARTBEAT.${inbox}`
  const streams = new Map<string, Stream>()

  const tell = (id: string, stream: Stream, event: LogEvent): void => {
    if (event.kind === 'end') streams.delete(id)
    stream.onEvent(event)
  }

  const receive = (message: LinkMessage): void => {
    const id = message.subject.slice(inbox.length + 1)
    const stream = streams.get(id)
    if (stream === undefined) return
    if (message.status === 503) return tell(id, stream, { kind: 'end', message: `node ${stream.nodeId} does not answer requests for logs` })
    for (const event of readFrame(message.data)) tell(id, stream, event)
  }

  /** The only way to end a stream: the node asks which of its streams somebody still reads. */
  const beat = (message: LinkMessage): void => {
    if (message.reply === undefined) return
    const asked = heartbeatSchema.safeParse(readJson(message.data))
    const active = asked.success ? (asked.data.ActiveStreamIds ?? {}) : {}
    const ended = Object.entries(active).map(([subject, ids]) => [subject, (ids ?? []).filter((id) => streams.get(id)?.subject !== subject)])
    try {
      link.publish(message.reply, encode({ NonActiveStreamIds: Object.fromEntries(ended) as object }))
    } catch (error) {
      log.debug('A heartbeat of log streams could not be answered', { error })
    }
  }

  const subscriptions = [link.subscribe(`${inbox}.*`, receive), link.subscribe(heartbeats, beat)]
  return {
    open: (request, onEvent) => {
      const id = randomName(8)
      const subject = `node.compute.${request.NodeID}.ExecutionLogs/v1`
      const body = Buffer.from(JSON.stringify(request)).toString('base64')
      // Before it is sent: a node may answer faster than what follows.
      streams.set(id, { nodeId: request.NodeID, subject, onEvent })
      link.publish(subject, encode({ consumerId: `${inbox}.`, streamId: id, heartBeatRequestSub: heartbeats, body }), { reply: `${inbox}.${id}` })
      return () => void streams.delete(id)
    },
    nodeLost: (nodeId) => {
      for (const [id, stream] of streams)
        if (stream.nodeId === nodeId) tell(id, stream, { kind: 'end', message: `the connection to node ${nodeId} was lost` })
    },
    get openStreams() {
      return streams.size
    },
    stop: () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
      for (const [id, stream] of streams) tell(id, stream, { kind: 'end', message: 'the orchestrator is stopping' })
    },
  }
}

function readFrame(data: Uint8Array): LogEvent[] {
  const frame = frameSchema.safeParse(readJson(data))
  if (!frame.success) return []
  const { type, data: entry, closeError } = frame.data
  if (type === 1) return readEntry(entry)
  if (type !== 2) return []
  const { Code, Text } = closeError ?? { Code: normalClose, Text: '' }
  if (Code === normalClose) return [{ kind: 'end' }]
  return [{ kind: 'end', message: `nats stream: close ${String(Code)} (${closeLabels.get(Code) ?? 'unknown'})${Text === '' ? '' : `: ${Text}`}` }]
}

function readEntry(base64: string): LogEvent[] {
  const entry = entrySchema.safeParse(readJson(Buffer.from(base64, 'base64')))
  if (!entry.success) return []
  const { error, value } = entry.data
  if (error !== undefined && error !== null && error !== '') return [{ kind: 'error', message: error }]
  return value === undefined || value === null ? [] : [{ kind: 'chunk', Type: value.Type, Line: value.Line }]
}

const encode = (value: object): Uint8Array => Buffer.from(JSON.stringify(value))
