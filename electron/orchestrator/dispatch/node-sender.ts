import { subjects } from '../../../shared/wire/subjects'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { createOrderedPublisher } from '../../transport/ncl/ordered-publisher'
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
export function createNodeSender({ nodeId, link, log, payloadOf, ackTimeoutMs = 30_000, firstRetryMs = 5000 }: NodeSenderOptions): NodeSender {
  const publisher = createOrderedPublisher(link, { subject: subjects(nodeId).toCompute, source: 'orchestrator', ackTimeoutMs, log })
  /** By number, in order. */
  const entries = new Map<number, Entry>()
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const sendWaiting = (): void => {
    if (timer !== undefined || stopped) return
    for (const entry of entries.values()) {
      if (publisher.pending >= WINDOW) return
      if (entry.state === 'waiting') sendOne(entry)
    }
  }

  const sendOne = (entry: Entry): void => {
    const { type, sequence } = entry.dispatch
    const payload = payloadOf(entry.dispatch)
    if (payload === undefined) return void entries.delete(sequence)
    entry.state = 'sent'
    publisher.publish({ type, payload, sequence }).then(
      () => acknowledged(entry),
      (error: unknown) => refused(entry, error),
    )
  }

  /** An ack also covers what was sent before and has got no answer: nodes take their messages in order. */
  const acknowledged = (entry: Entry): void => {
    failures = 0
    const { sequence } = entry.dispatch
    if (entries.get(sequence) === entry) entries.delete(sequence)
    for (const [earlier, { state }] of entries) {
      if (earlier > sequence) break
      if (state === 'sent') entries.delete(earlier)
    }
    sendWaiting()
  }

  const refused = (entry: Entry, error: unknown): void => {
    if (stopped || entries.get(entry.dispatch.sequence) !== entry) return
    entry.state = 'failed'
    if (timer !== undefined) return
    const ms = Math.min(MAX_RETRY_MS, firstRetryMs * 2 ** failures)
    failures += 1
    log.info('A message was not acknowledged; it is sent again', {
      node: nodeId,
      type: entry.dispatch.type,
      execution: entry.dispatch.executionId,
      retryMs: ms,
      error,
    })
    timer = setTimeout(again, ms)
    timer.unref()
  }

  const again = (): void => {
    clearTimeout(timer)
    timer = undefined
    for (const entry of entries.values()) if (entry.state === 'failed') entry.state = 'waiting'
    sendWaiting()
  }

  return {
    send: (dispatches) => {
      for (const dispatch of dispatches) entries.set(dispatch.sequence, { dispatch, state: 'waiting' })
      sendWaiting()
    },
    wake: () => {
      failures = 0
      again()
    },
    get pending() {
      return entries.size
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
      entries.clear()
      publisher.stop()
    },
  }
}
