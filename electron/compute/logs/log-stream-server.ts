import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../shared/errors'
import type { Logger } from '../../log/logger'
import type { LinkMessage, LinkSubscription, NatsLink } from '../../transport/link'
import type { LogSource } from './log-files'
import { closeCodes, closeMessage, dataMessage, errorMessage, heartbeat, readHeartbeatReply, readOpen, type OpenLogStream } from './stream-messages'

/** `waiting`: the execution is known, but has not started to write. */
export type FoundLog = LogSource | 'waiting' | undefined

/** `findLog` is asked once for each stream. */
export interface LogStreamServerOptions {
  readonly link: NatsLink
  readonly nodeId: string
  readonly findLog: (executionId: string) => FoundLog | Promise<FoundLog>
  readonly log: Logger
  readonly timing?: Partial<LogStreamTiming>
}

/** In milliseconds; the defaults are Bacalhau's. */
export interface LogStreamTiming {
  readonly heartbeatMs: number
  readonly heartbeatTimeoutMs: number
  /** How long an execution that is not known may take to appear. */
  readonly appearMs: number
  /** How long a known one may take to start writing. */
  readonly startMs: number
}

/** Answers requests for the output of this node’s executions. */
export interface LogStreamServer {
  /** Streams that are open. */
  readonly open: number
  /** Closes them as "going away". */
  close(): Promise<void>
}

interface Stream {
  readonly request: OpenLogStream
  readonly reply: string
  readonly abort: AbortController
  done: Promise<void>
}

const defaults: LogStreamTiming = { heartbeatMs: 10_000, heartbeatTimeoutMs: 5000, appearMs: 5000, startMs: 60_000 }
const LOOK_AGAIN_MS = 50
/** After so much the server is asked whether it has it all: a slow reader must not fill memory. */
const FLUSH_BYTES = 1024 * 1024

/** Answers requests for logs on `node.compute.<id>.ExecutionLogs/v1`, any number at once. */
export function serveLogStreams(options: LogStreamServerOptions): LogStreamServer {
  return new LogStreams(options)
}

class LogStreams implements LogStreamServer {
  readonly #options: LogStreamServerOptions
  readonly #times: LogStreamTiming
  readonly #subject: string
  readonly #streams = new Map<string, Stream>()
  readonly #timer: NodeJS.Timeout
  readonly #subscription: LinkSubscription
  #closing = false

  constructor(options: LogStreamServerOptions) {
    this.#options = options
    this.#times = { ...defaults, ...options.timing }
    this.#subject = `node.compute.${options.nodeId}.ExecutionLogs/v1`
    this.#timer = setInterval(() => this.#beatAll(), this.#times.heartbeatMs)
    this.#timer.unref()
    this.#subscription = options.link.subscribe(this.#subject, (message) => this.#onRequest(message))
  }

  get open(): number {
    return this.#streams.size
  }

  async close(): Promise<void> {
    this.#closing = true
    clearInterval(this.#timer)
    this.#subscription.unsubscribe()
    const open = [...this.#streams.values()]
    for (const { abort } of open) abort.abort()
    await Promise.all(open.map(({ done }) => done))
  }

  #onRequest({ reply, data }: LinkMessage): void {
    if (reply === undefined) return
    const request = readOpen(data)
    if (request === undefined) {
      this.#options.link.publish(reply, closeMessage(closeCodes.badRequest, 'the request for a log cannot be read'))
      return
    }
    const stream: Stream = { request, reply, abort: new AbortController(), done: Promise.resolve() }
    this.#streams.set(keyOf(request), stream)
    stream.done = this.#run(stream).finally(() => this.#streams.delete(keyOf(request)))
  }

  async #run({ request, reply, abort }: Stream): Promise<void> {
    const { link, log } = this.#options
    try {
      const source = await this.#awaitLog(request.executionId, abort.signal)
      if (typeof source === 'object') await send(link, reply, source, request, abort.signal)
      else if (source === 'waiting')
        link.publish(
          reply,
          errorMessage(abort.signal.aborted ? 'cancelled while waiting for execution logs' : 'timeout while waiting for execution logs'),
        )
      else if (!abort.signal.aborted) {
        link.publish(reply, closeMessage(closeCodes.internal, `error in handler : execution ${request.executionId} not found`))
        return
      }
      link.publish(reply, closeMessage(this.#closing ? closeCodes.goingAway : closeCodes.normal))
    } catch (error) {
      log.warn('a log stream ended', { executionId: request.executionId, error })
      link.publish(reply, closeMessage(closeCodes.internal, `error in handler : ${messageOf(error)}`))
    }
  }

  async #awaitLog(executionId: string, signal: AbortSignal): Promise<FoundLog> {
    const { appearMs, startMs } = this.#times
    const started = performance.now()
    for (;;) {
      const found = await this.#options.findLog(executionId)
      const waited = performance.now() - started
      if (typeof found === 'object' || signal.aborted || waited >= (found === undefined ? appearMs : startMs)) return found
      await sleep(LOOK_AGAIN_MS)
    }
  }

  #beatAll(): void {
    for (const consumerId of new Set([...this.#streams.values()].map(({ request }) => request.consumerId))) void this.#beat(consumerId)
  }

  /** A consumer that does not answer is gone, with all its streams. */
  async #beat(consumerId: string): Promise<void> {
    const { link, log } = this.#options
    const own = [...this.#streams.values()].filter(({ request }) => request.consumerId === consumerId)
    const [first] = own
    if (first === undefined) return
    const ids = own.map(({ request }) => request.streamId)
    let gone: readonly string[] = ids
    try {
      const timeoutMs = this.#times.heartbeatTimeoutMs
      const reply = await link.request(first.request.heartbeatSubject, heartbeat(this.#subject, ids), { timeoutMs })
      gone = readHeartbeatReply(reply.data, this.#subject) ?? ids
    } catch (error) {
      log.debug('the reader of log streams does not answer', { consumerId, error })
    }
    for (const { request, abort } of own) if (gone.includes(request.streamId)) abort.abort()
  }
}

function keyOf({ consumerId, streamId }: OpenLogStream): string {
  return `${consumerId} ${streamId}`
}

async function send(link: NatsLink, reply: string, source: LogSource, { tail, follow }: OpenLogStream, signal: AbortSignal): Promise<void> {
  // A character may be cut in two between frames; it is sent with the second one.
  const decoders = { 1: new StringDecoder('utf8'), 2: new StringDecoder('utf8') } as const
  let unflushed = 0
  for await (const { type, bytes } of source.read({ tail, follow, signal })) {
    const text = decoders[type].write(bytes)
    if (text !== '') link.publish(reply, dataMessage(type, text))
    unflushed += bytes.length
    if (unflushed < FLUSH_BYTES) continue
    unflushed = 0
    await link.flush()
  }
  for (const type of [1, 2] as const) {
    const rest = decoders[type].end()
    if (rest !== '') link.publish(reply, dataMessage(type, rest))
  }
}
