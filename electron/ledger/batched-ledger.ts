import { randomUUID } from 'node:crypto'
import { AppError, toFailure } from '../../shared/errors'
import type { TransportLog } from '../transport/log'
import { pause } from '../transport/reconnect/pause'
import { batchLength, batchOverhead, brokenLedger, decodeBatch, encodeBatch } from './batch'
import { fullLedger, lostLedger, type JetStreamStore, type StoredMessage } from './jetstream-store'
import type { LedgerEnd, TrimmableLedger } from './ledger'
import type { LedgerMarkWriter } from './ledger-mark'
import { closedLedger, keepStoreConnected, type StoreConnection, type StoreConnectionOptions } from './store-connection'

interface BatchedLedgerOptions extends Omit<StoreConnectionOptions, 'onUnavailable'> {
  /** How long the server may take to store a batch, in milliseconds. */
  readonly answerMs: number
  /** The server is there but stores nothing any more; only a restart of it helps. */
  readonly onStalled: () => void
  /** Told where the ledger ends. */
  readonly marks?: LedgerMarkWriter
}

interface Waiting {
  readonly json: string
  readonly bytes: number
  readonly resolve: (sequence: number) => void
  readonly reject: (error: AppError) => void
}

/** One batch stays well below the usual limit of a message, so that a long queue does not make one slow write. */
const batchBytes = 256 * 1024
const batchRecords = 2000
const usualMaxPayload = 1024 * 1024
/** A server that has stopped storing is not waited for as long as one that works. */
const stalledAnswerMs = 500

/** A ledger in a JetStream stream. One batch at a time is under way: what comes in meanwhile is the next batch. */
export class BatchedLedger implements TrimmableLedger {
  private readonly writer = randomUUID()
  private readonly connection: StoreConnection
  private waiting: Waiting[] = []
  private pumping: Promise<void> | undefined
  private closing = false
  /** Why nothing can be stored any more. */
  private over: AppError | undefined
  private unavailable = false
  private stalled = false
  private read = 0

  constructor(
    private end: LedgerEnd,
    private readonly options: BatchedLedgerOptions,
  ) {
    this.log = options.log
    this.connection = keepStoreConnected({
      ...options,
      onUnavailable: (isUnavailable) => {
        this.unavailable = isUnavailable
        if (isUnavailable) this.rejectWaiting(unavailableLedger())
      },
    })
  }
  private readonly log: TransportLog

  get lastSequence(): number {
    return this.end.sequence
  }

  append(record: unknown): Promise<number> {
    if (this.closing) return Promise.reject(closedLedger())
    if (this.over !== undefined) return Promise.reject(this.over)
    if (this.unavailable) return Promise.reject(unavailableLedger())
    let text: string | undefined
    try {
      text = toJson(record)
    } catch (error) {
      return Promise.reject(invalidRecord(toFailure(error).message))
    }
    if (text === undefined) return Promise.reject(invalidRecord('it is no JSON value'))
    const json = text
    const bytes = Buffer.byteLength(json)
    const limit = (this.connection.current?.maxPayload ?? usualMaxPayload) - batchOverhead
    if (bytes > limit)
      return Promise.reject(new AppError('ledger.record-too-large', `A record of ${bytes} bytes is larger than the ledger takes (${limit}).`))
    return new Promise((resolve, reject) => {
      this.waiting.push({ json, bytes, resolve, reject })
      // In a microtask: all that is appended in the same turn goes into the first batch.
      this.pumping ??= Promise.resolve().then(() => this.pump())
    })
  }

  get position(): LedgerEnd {
    return this.end
  }

  get bytes(): number {
    return this.read
  }

  async trim({ streamSequence }: LedgerEnd): Promise<void> {
    if (streamSequence > this.end.streamSequence) throw lostLedger(`the stream ends at ${this.end.streamSequence}, not at ${streamSequence}`)
    const store = await this.connection.get()
    await store.dropBefore(streamSequence)
  }

  async replay(onRecord: (record: unknown, sequence: number) => void, after?: LedgerEnd): Promise<void> {
    const { streamSequence: to } = this.end
    if (after !== undefined && (after.sequence > this.end.sequence || after.streamSequence > to))
      throw lostLedger(`the stream ends at record ${this.end.sequence}, ${after.sequence} had been stored`)
    if (to === 0) return
    // The message at which the reader stands may hold records behind its position.
    let from = Math.max(1, after?.streamSequence ?? 1)
    const known = after?.sequence ?? 0
    let next: number | undefined
    const take = ({ streamSequence, data }: StoredMessage): void => {
      const { first, records } = decodeBatch(data)
      this.read += data.length
      if (next === undefined ? first > known + 1 : first !== next)
        throw brokenLedger(`record ${next ?? known + 1} is missing (the next one is ${first})`)
      for (const [index, record] of records.entries()) if (first + index > known) onRecord(record, first + index)
      next = first + records.length
      from = streamSequence + 1
    }
    while (from <= to) {
      const store = await this.connection.get()
      try {
        await store.read(from, to, take)
      } catch (error) {
        if (this.connection.current === store) throw error
        this.log.warn('Reading the ledger was interrupted; going on with a new connection', { error: toFailure(error).message })
      }
    }
  }

  async close(): Promise<void> {
    this.closing = true
    // What was given before is still stored, as long as the server is there.
    if (this.connection.current !== undefined) await this.pumping
    const closed = this.connection.close()
    await this.pumping
    this.rejectWaiting(closedLedger())
    await Promise.all([closed, this.options.marks?.close()])
  }

  private async pump(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        // First of all: what has never been sent can still be refused while the server is away.
        await this.connection.get()
        const sizes = this.waiting.map(({ bytes }) => bytes)
        const batch = this.waiting.splice(0, batchLength(sizes, batchBytes, batchRecords))
        if (batch.length > 0) await this.storeBatch(batch)
      }
    } catch (error) {
      this.over =
        error instanceof AppError ? error : new AppError('ledger.broken', `The ledger cannot go on: ${toFailure(error).message}`, { cause: error })
      if (!this.closing) this.log.error('The ledger has come to its end', { code: this.over.code, error: this.over.message })
      this.rejectWaiting(this.over)
    }
    this.pumping = undefined
  }

  /** Throws what ends the ledger, after it has told the callers. */
  private async storeBatch(batch: readonly Waiting[]): Promise<void> {
    const { streamSequence, sequence } = this.end
    const first = sequence + 1
    const texts = batch.map(({ json }) => json)
    let refusal: AppError | undefined
    const data = encodeBatch(this.writer, first, texts)
    try {
      refusal = await this.storeSurely(data, streamSequence)
    } catch (error) {
      for (const item of batch)
        item.reject(error instanceof AppError ? error : new AppError('ledger.broken', toFailure(error).message, { cause: error }))
      throw error
    }
    if (refusal !== undefined) {
      for (const item of batch) item.reject(refusal)
      // They may rest on what is not stored, and nobody has heard of that yet.
      this.rejectWaiting(refusal)
      return
    }
    this.end = { streamSequence: streamSequence + 1, sequence: sequence + batch.length }
    this.read += data.length
    this.options.marks?.note(this.end)
    for (const [index, item] of batch.entries()) item.resolve(first + index)
  }

  /** Stores until it is sure; returns why it is not stored, undefined when it is. Throws what ends the ledger. */
  private async storeSurely(data: Uint8Array, expectedLast: number): Promise<AppError | undefined> {
    const since = performance.now()
    for (;;) {
      const store = await this.connection.get()
      const outcome = await store.store(data, expectedLast, this.stalled ? stalledAnswerMs : this.options.answerMs)
      if (outcome.kind === 'refused') return outcome.error
      if (outcome.kind !== 'stored') this.log.warn('The ledger did not learn that a batch was stored; looking', { outcome: outcome.kind })
      if (outcome.kind === 'stored' || (await this.isStored(data, expectedLast))) {
        this.stalled = false
        return undefined
      }
      if (outcome.kind === 'failed') return outcome.error
      // The server is there and has dealt with all that we sent, yet it stores nothing. nats-server stays like that after a write error, even once there is room again.
      if (outcome.kind === 'silent' && this.connection.current === store) return this.stall()
      if (outcome.kind === 'away' && performance.now() - since > this.options.unavailableAfterMs) return unavailableLedger()
      await pause(50, this.connection.signal)
    }
  }

  private stall(): AppError {
    if (!this.stalled) {
      this.stalled = true
      this.log.error('nats-server has stopped storing; most likely the disk is full')
      this.options.onStalled()
    }
    return fullLedger('it has stopped storing, most likely because the disk is full')
  }

  /** Whether the batch is what follows `expectedLast` in the stream. Throws when something else does, or less than was acknowledged is there. */
  private async isStored(data: Uint8Array, expectedLast: number): Promise<boolean> {
    for (;;) {
      const store = await this.connection.get()
      let found: number
      let next: StoredMessage | undefined
      try {
        found = await store.lastSequence()
        if (found === expectedLast) return false
        next = await store.message(expectedLast + 1)
      } catch (error) {
        if (error instanceof AppError) throw error
        this.log.debug('The stream of the ledger does not answer yet', { error: toFailure(error).message })
        await pause(100, this.connection.signal)
        continue
      }
      if (found < expectedLast) throw lostLedger(`the stream ends at ${found}, ${expectedLast} had been acknowledged`)
      if (found === expectedLast + 1 && next !== undefined && Buffer.compare(next.data, data) === 0) return true
      throw new AppError('ledger.fenced', 'Another orchestrator has taken over this state; this one must not write to it any more.', {
        hint: 'Stop one of the two orchestrators that use this data directory.',
      })
    }
  }

  private rejectWaiting(error: AppError): void {
    for (const item of this.waiting.splice(0)) item.reject(error)
  }
}

/** Where the stream of an open store ends. Throws `ledger.broken` when its last message is not a batch, or messages are missing in its middle. */
export async function findEnd(store: JetStreamStore): Promise<LedgerEnd> {
  const streamSequence = await store.lastSequence()
  if (streamSequence === 0) return { streamSequence, sequence: 0 }
  const missing = await store.missing()
  if (missing > 0) throw brokenLedger(`${missing} ${missing === 1 ? 'message is' : 'messages are'} missing in the middle of the stream`)
  const last = await store.message(streamSequence)
  if (last === undefined) throw lostLedger(`message ${streamSequence} of the stream is gone`)
  const { first, records } = decodeBatch(last.data)
  return { streamSequence, sequence: first + records.length - 1 }
}

/** Undefined for what JSON cannot hold at all, such as a function; the type of JSON.stringify does not say so. */
function toJson(value: unknown): string | undefined {
  const text: unknown = JSON.stringify(value)
  return typeof text === 'string' ? text : undefined
}

const invalidRecord = (reason: string): AppError => new AppError('ledger.invalid-record', `A record cannot be written as JSON: ${reason}.`)
const unavailableLedger = (): AppError =>
  new AppError('ledger.unavailable', 'The server that holds the state of the cluster has been away for too long.', {
    hint: 'See the log of nats-server; it is started again by itself.',
  })
