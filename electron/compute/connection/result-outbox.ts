import { subjects } from '../../../shared/wire/subjects'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { createOrderedPublisher, type OrderedPublisher } from '../../transport/ncl/ordered-publisher'
import type { Outgoing, OutgoingEntry } from './outgoing'

/** What this node has to tell about executions: kept, in order, until the orchestrator has acknowledged it. */
interface Results {
  /** Numbers only grow from call to call. */
  send(entry: OutgoingEntry): void
  /** A handshake has succeeded on this link: all that is not acknowledged is sent again. */
  connected(link: NatsLink): void
  readonly pending: number
  stop(): void
}

interface Entry {
  readonly outgoing: Outgoing
  sent: boolean
}

const FIRST_RETRY_MS = 5_000
const MAX_RETRY_MS = 300_000
/** In flight at a time; far less than an orchestrator takes. */
const WINDOW = 256

/** @param onAcknowledged called once for each entry */
export function createResults(nodeId: string, log: Logger, onAcknowledged: (sequence: number) => void): Results {
  const entries = new Map<number, Entry>()
  let publisher: OrderedPublisher | undefined
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  const sendAll = (): void => {
    if (publisher === undefined || timer !== undefined) return
    for (const [sequence, entry] of entries) {
      if (publisher.pending >= WINDOW) return
      if (!entry.sent) sendOne(sequence, entry, publisher)
    }
  }

  const sendOne = (sequence: number, entry: Entry, through: OrderedPublisher): void => {
    entry.sent = true
    through.publish({ sequence, ...entry.outgoing }).then(
      () => {
        failures = 0
        if (entries.delete(sequence)) onAcknowledged(sequence)
        if (through === publisher && entries.size >= WINDOW) sendAll()
      },
      (error: unknown) => {
        if (through !== publisher) return
        entry.sent = false
        retry(error)
      },
    )
  }

  const retry = (error: unknown): void => {
    if (timer !== undefined) return
    const ms = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures)
    failures += 1
    log.debug('A result was not acknowledged; it is sent again.', { error, retryMs: ms })
    timer = setTimeout(() => {
      timer = undefined
      sendAll()
    }, ms)
  }

  const reset = (): void => {
    clearTimeout(timer)
    timer = undefined
    failures = 0
  }

  return {
    send: ({ sequence, outgoing }) => {
      const entry = { outgoing, sent: false }
      entries.set(sequence, entry)
      // While one waits to be sent again, later ones wait behind it: the order is part of the protocol.
      if (publisher === undefined || timer !== undefined) return
      if (entries.size <= WINDOW) sendOne(sequence, entry, publisher)
      else sendAll()
    },
    connected: (link) => {
      reset()
      publisher?.stop()
      publisher = createOrderedPublisher(link, { subject: subjects(nodeId).toOrchestrator, source: nodeId, log })
      for (const entry of entries.values()) entry.sent = false
      sendAll()
    },
    get pending() {
      return entries.size
    },
    stop: () => {
      reset()
      publisher?.stop()
      publisher = undefined
    },
  }
}
