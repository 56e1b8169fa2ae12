import { randomBytes } from 'node:crypto'
import type { FeedEvent, FeedSnapshot, OrchestratorFacts, Revision } from '../../../shared/http/feed'
import type { NodeTable } from '../nodes/node-table'

/** An event of the feed, its JSON made once for all readers. */
export interface SerialisedEvent {
  readonly id: string
  readonly event: FeedEvent['kind']
  readonly data: string
}

interface FeedOptions {
  readonly table: NodeTable
  readonly facts: () => OrchestratorFacts
  /** Changes within so many milliseconds go out as one event. */
  readonly everyMs?: number
  /** Rows in the events that are kept for readers who come back; at least the last event is. */
  readonly kept?: number
}

/**
 * The list of nodes as a stream: a snapshot, then whole rows that changed. Every event's counter is one above the last one's. The
 * feed's start id is new with every start of the orchestrator, so that no reader takes old counters for current ones.
 */
export class Feed {
  readonly #options: Required<FeedOptions>
  readonly #start = randomBytes(6).toString('hex')
  readonly #readers = new Set<(event: SerialisedEvent) => void>()
  readonly #recent: { readonly event: FeedEvent; serialised?: SerialisedEvent }[] = []
  readonly #pending = new Set<string>()
  readonly #unlisten: () => void
  #keptRows = 0
  #factsPending = false
  #counter = 0
  #flushedAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  constructor(options: FeedOptions) {
    this.#options = { everyMs: 16, kept: 4000, ...options }
    this.#unlisten = options.table.onChange((id) => {
      this.#pending.add(id)
      this.#flushLater()
    })
  }

  get readers(): number {
    return this.#readers.size
  }

  /** The orchestrator's facts have changed. */
  factsChanged(): void {
    this.#factsPending = true
    this.#flushLater()
  }

  snapshot(): FeedSnapshot {
    this.#flush()
    return { revision: this.#revision(), orchestrator: this.#options.facts(), nodes: this.#options.table.rows() }
  }

  /**
   * Calls back with every event from now on, first with those that come after `lastId` if they are all still there, else with a snapshot.
   * @returns the end of it
   */
  read(lastId: string | undefined, onEvent: (event: SerialisedEvent) => void): () => void {
    this.#flush()
    const missed = this.#after(lastId)
    const first = missed ?? [serialise({ kind: 'snapshot', ...this.snapshot() })]
    for (const event of first) onEvent(event)
    this.#readers.add(onEvent)
    return () => this.#readers.delete(onEvent)
  }

  stop(): void {
    this.#unlisten()
    clearTimeout(this.#timer)
    this.#readers.clear()
  }

  #revision(): Revision {
    return { start: this.#start, counter: this.#counter }
  }

  #after(lastId: string | undefined): SerialisedEvent[] | undefined {
    const [start, counterText = ''] = lastId?.split(':') ?? []
    if (start !== this.#start || !/^\d+$/.test(counterText)) return undefined
    const missing = this.#counter - Number(counterText)
    if (missing < 0 || missing > this.#recent.length) return undefined
    return missing === 0 ? [] : this.#recent.slice(-missing).map((entry) => (entry.serialised ??= serialise(entry.event)))
  }

  /** The first change after a quiet time goes out at once, the rest of a burst together. */
  #flushLater(): void {
    // With nobody there, what has changed is gathered until somebody comes.
    if (this.#timer !== undefined || this.#readers.size === 0) return
    const wait = Math.max(0, this.#flushedAt + this.#options.everyMs - performance.now())
    this.#timer = setTimeout(() => this.#flush(), wait)
    this.#timer.unref()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#pending.size > 0) {
      const { table } = this.#options
      const rows = [...this.#pending].map((id) => ({ id, row: table.row(id) }))
      this.#pending.clear()
      const changed = rows.flatMap(({ row }) => row ?? [])
      this.#emit((revision) => ({ kind: 'nodes', revision, changed, removed: rows.filter(({ row }) => row === undefined).map(({ id }) => id) }))
    }
    if (this.#factsPending) {
      this.#factsPending = false
      this.#emit((revision) => ({ kind: 'orchestrator', revision, orchestrator: this.#options.facts() }))
    }
  }

  #emit(make: (revision: Revision) => FeedEvent): void {
    this.#counter += 1
    this.#flushedAt = performance.now()
    const entry: { readonly event: FeedEvent; serialised?: SerialisedEvent } = { event: make(this.#revision()) }
    this.#recent.push(entry)
    this.#keptRows += rowsOf(entry.event)
    while (this.#keptRows > this.#options.kept && this.#recent.length > 1) {
      const dropped = this.#recent.shift()
      if (dropped !== undefined) this.#keptRows -= rowsOf(dropped.event)
    }
    if (this.#readers.size === 0) return
    const serialised = (entry.serialised = serialise(entry.event))
    for (const reader of this.#readers) reader(serialised)
  }
}

/** An event weighs as much as the rows in it, and one without rows as much as one. */
function rowsOf(event: FeedEvent): number {
  return event.kind === 'nodes' ? event.changed.length + event.removed.length : 1
}

function serialise(event: FeedEvent): SerialisedEvent {
  return { id: `${event.revision.start}:${String(event.revision.counter)}`, event: event.kind, data: JSON.stringify(event) }
}
