import { subjects } from '../../../shared/wire/subjects'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { createOrderedPublisher, type OrderedPublisher } from '../../transport/ncl/ordered-publisher'
import type { Dispatch } from './dispatch'

interface NodeSenderOptions {
  readonly nodeId: string
  readonly link: NatsLink
  readonly log: Logger
  /** What to send now for a message; `undefined` when it has lost its sense meanwhile. */
  readonly payloadOf: (dispatch: Dispatch) => unknown
  /** Silence for so long counts as refusal. Milliseconds. */
  readonly ackTimeoutMs?: number
  /** Wait before the first repetition; doubled for each one in a row. Milliseconds. */
  readonly firstRetryMs?: number
}

/** Sends one node its messages in order, and again until the node has acknowledged them. */
export interface NodeSender {
  /** Messages come in the order of their numbers. */
  send(dispatches: readonly Dispatch[]): void
  /** The node is there again: what waits for a repetition goes out now. */
  wake(): void
  readonly pending: number
  stop(): void
}

interface Entry {
  readonly dispatch: Dispatch
  state: 'waiting' | 'sent' | 'failed'
}

const MAX_RETRY_MS = 300_000
/** Below what the publisher keeps in flight. */
const WINDOW = 500

/** Sends nothing before it is told to. */
export function createNodeSender(options: NodeSenderOptions): NodeSender {
  return new Sender(options)
}

class Sender implements NodeSender {
  readonly #options: NodeSenderOptions
  readonly #publisher: OrderedPublisher
  /** By number, in order. */
  readonly #entries = new Map<number, Entry>()
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: NodeSenderOptions) {
    const { nodeId, link, log, ackTimeoutMs = 30_000 } = options
    this.#options = options
    this.#publisher = createOrderedPublisher(link, { subject: subjects(nodeId).toCompute, source: 'orchestrator', ackTimeoutMs, log })
  }

  get pending(): number {
    return this.#entries.size
  }

  send(dispatches: readonly Dispatch[]): void {
    for (const dispatch of dispatches) this.#entries.set(dispatch.sequence, { dispatch, state: 'waiting' })
    this.#sendWaiting()
  }

  wake(): void {
    this.#failures = 0
    this.#again()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#entries.clear()
    this.#publisher.stop()
  }

  #sendWaiting(): void {
    if (this.#timer !== undefined || this.#stopped) return
    for (const entry of this.#entries.values()) {
      if (this.#publisher.pending >= WINDOW) return
      if (entry.state === 'waiting') this.#sendOne(entry)
    }
  }

  #sendOne(entry: Entry): void {
    const { type, sequence } = entry.dispatch
    const payload = this.#options.payloadOf(entry.dispatch)
    if (payload === undefined) return void this.#entries.delete(sequence)
    entry.state = 'sent'
    this.#publisher.publish({ type, payload, sequence }).then(
      () => this.#acknowledged(entry),
      (error: unknown) => this.#refused(entry, error),
    )
  }

  /** An ack also covers what was sent before and has got no answer: nodes take their messages in order. */
  #acknowledged(entry: Entry): void {
    this.#failures = 0
    const { sequence } = entry.dispatch
    if (this.#entries.get(sequence) === entry) this.#entries.delete(sequence)
    for (const [earlier, { state }] of this.#entries) {
      if (earlier > sequence) break
      if (state === 'sent') this.#entries.delete(earlier)
    }
    this.#sendWaiting()
  }

  #refused(entry: Entry, error: unknown): void {
    const { nodeId, log, firstRetryMs = 5000 } = this.#options
    const { type, sequence, executionId } = entry.dispatch
    if (this.#stopped || this.#entries.get(sequence) !== entry) return
    entry.state = 'failed'
    if (this.#timer !== undefined) return
    const retryMs = Math.min(MAX_RETRY_MS, firstRetryMs * 2 ** this.#failures)
    this.#failures += 1
    log.info('A message was not acknowledged; it is sent again', { node: nodeId, type, execution: executionId, retryMs, error })
    this.#timer = setTimeout(() => this.#again(), retryMs)
    this.#timer.unref()
  }

  #again(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const entry of this.#entries.values()) if (entry.state === 'failed') entry.state = 'waiting'
    this.#sendWaiting()
  }
}
