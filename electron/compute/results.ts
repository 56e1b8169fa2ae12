import { subjects } from '../../shared/wire/subjects'
import type { Logger } from '../log/logger'
import type { NatsLink } from '../transport/link'
import { createOrderedPublisher, type OrderedPublisher } from '../transport/ordered-publisher'
import type { Outgoing } from './refuse-work'

/** What this node has to tell about executions: kept, in order, until the orchestrator has acknowledged it. */
export interface Results {
  send(outgoing: Outgoing): void
  /** A handshake has succeeded on this link: all that is not acknowledged is sent again. */
  connected(link: NatsLink): void
  readonly pending: number
  stop(): void
}

interface Entry {
  readonly sequence: number
  readonly outgoing: Outgoing
  sent: boolean
}

const FIRST_RETRY_MS = 5_000
const MAX_RETRY_MS = 300_000
/** Answers beyond that are dropped, oldest first: an orchestrator that takes none for so long asks again anyway. */
const MOST_KEPT = 10_000

export function createResults(nodeId: string, log: Logger): Results {
  let sequence = 0
  let entries: Entry[] = []
  let publisher: OrderedPublisher | undefined
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  const sendAll = (): void => {
    if (publisher === undefined) return
    for (const entry of entries.filter(({ sent }) => !sent)) sendOne(entry, publisher)
  }

  const sendOne = (entry: Entry, through: OrderedPublisher): void => {
    entry.sent = true
    through.publish({ ...entry.outgoing, sequence: entry.sequence }).then(
      () => {
        failures = 0
        entries = entries.filter((other) => other !== entry)
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
    send: (outgoing) => {
      sequence += 1
      if (entries.length >= MOST_KEPT) entries.shift()
      entries.push({ sequence, outgoing, sent: false })
      // While one waits to be sent again, later ones wait behind it: the order is part of the protocol.
      if (timer === undefined) sendAll()
    },
    connected: (link) => {
      reset()
      publisher?.stop()
      publisher = createOrderedPublisher(link, { subject: subjects(nodeId).toOrchestrator, source: nodeId, log })
      for (const entry of entries) entry.sent = false
      sendAll()
    },
    get pending() {
      return entries.length
    },
    stop: () => {
      reset()
      publisher?.stop()
      publisher = undefined
    },
  }
}
