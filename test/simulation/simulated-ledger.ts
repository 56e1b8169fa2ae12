import type { LedgerEnd, TrimmableLedger } from '../../electron/ledger/ledger'
import type { LevelLedger } from '../../electron/ledger/level-ledger'
import { AppError, toFailure } from '../../shared/errors'
import type { SimulatedDisk } from './simulated-disk'

interface Waiting {
  readonly json: string
  /** Undefined for a note. */
  readonly told?: { readonly resolve: (sequence: number) => void; readonly reject: (error: AppError) => void }
}

const largestRecord = 1024 * 1024
const largestBatch = 1000
const noteDelayMs = 250

/** A ledger on a disk of the simulation: one writer, batches that are stored whole or not at all, notes that wait for the next batch. */
class SimulatedLedger {
  protected readonly disk: SimulatedDisk
  /** What waits behind a refused batch is refused, too. */
  protected readonly refusesRest: boolean = false
  readonly #writer: number
  #waiting: Waiting[] = []
  #pumping: Promise<void> | undefined
  #closed = false
  #noteTimer: NodeJS.Timeout | undefined
  #acknowledged: LedgerEnd
  #bytes = 0

  readonly #onAppend: (record: unknown) => void

  /** @param onAppend called with each record that is given to it */
  constructor(disk: SimulatedDisk, onAppend: (record: unknown) => void = () => undefined) {
    this.disk = disk
    this.#onAppend = onAppend
    this.#writer = disk.writer += 1
    this.#acknowledged = { streamSequence: disk.batches, sequence: disk.lastSequence }
  }

  get lastSequence(): number {
    return this.#acknowledged.sequence
  }

  get position(): LedgerEnd {
    return this.#acknowledged
  }

  get bytes(): number {
    return this.#bytes
  }

  append(record: unknown): Promise<number> {
    const over = this.#over()
    if (over !== undefined) return Promise.reject(over)
    let json: string
    try {
      json = toJson(record)
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
    this.#onAppend(record)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ json, told: { resolve, reject } })
      this.#pump()
    })
  }

  note(record: unknown): void {
    if (this.#over() !== undefined) return
    this.#waiting.push({ json: toJson(record) })
    this.#noteTimer ??= setTimeout(() => {
      this.#noteTimer = undefined
      this.#pump()
    }, noteDelayMs)
  }

  replay(onRecord: (record: unknown, sequence: number) => void, after?: LedgerEnd): Promise<void> {
    const to = this.lastSequence
    const known = after?.sequence ?? 0
    if (after !== undefined && after.sequence > to) return Promise.reject(new AppError('ledger.lost', 'The ledger does not go so far.'))
    const records = this.disk.records.filter(({ sequence }) => sequence <= to && sequence > known)
    for (const { json, sequence } of records) {
      this.#bytes += json.length
      onRecord(JSON.parse(json), sequence)
    }
    return Promise.resolve()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#noteTimer)
    this.#pump()
    await this.#pumping
  }

  #over(): AppError | undefined {
    if (this.disk.writer !== this.#writer) return fenced()
    return this.#closed ? new AppError('ledger.closed', 'The ledger is closed.') : undefined
  }

  #pump(): void {
    if (this.#waiting.length === 0) return
    // In a microtask: all that is appended in the same turn goes into the first batch.
    this.#pumping ??= Promise.resolve().then(() => this.#storeAll())
  }

  async #storeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, largestBatch)
      this.disk.begin({ texts: batch.map(({ json }) => json), synced: batch.some(({ told }) => told !== undefined) })
      const ms = this.disk.options.latencyMs()
      if (ms > 0) await new Promise<void>((resolve) => setTimeout(resolve, ms))
      const outcome = this.disk.writer === this.#writer ? this.disk.finish(performance.now()) : fenced()
      if (typeof outcome !== 'number') {
        // What rests on it goes with it.
        const rest = this.refusesRest ? this.#waiting.splice(0) : []
        for (const { told } of [...batch, ...rest]) told?.reject(outcome)
        continue
      }
      this.#acknowledged = { streamSequence: this.disk.batches, sequence: this.disk.lastSequence }
      for (const { json } of batch) this.#bytes += json.length
      for (const [index, { told }] of batch.entries()) told?.resolve(outcome + index)
    }
    this.#pumping = undefined
  }
}

/** As the orchestrator's ledger, in a stream. */
export class SimulatedStreamLedger extends SimulatedLedger implements TrimmableLedger {
  protected override readonly refusesRest = true

  trim({ streamSequence }: LedgerEnd): Promise<void> {
    this.disk.records = this.disk.records.filter(({ batch }) => batch >= streamSequence)
    return Promise.resolve()
  }
}

/** As a node's ledger, in a database. */
export class SimulatedLevelLedger extends SimulatedLedger implements LevelLedger {
  trim(sequence: number): Promise<void> {
    const before = Math.min(sequence, this.lastSequence)
    this.disk.records = this.disk.records.filter((record) => record.sequence >= before)
    return Promise.resolve()
  }
}

const fenced = (): AppError => new AppError('ledger.fenced', 'Another writer has taken over.')

function toJson(record: unknown): string {
  let text: unknown
  try {
    text = JSON.stringify(record)
  } catch (error) {
    throw new AppError('ledger.invalid-record', `A record cannot be written as JSON: ${toFailure(error).message}.`)
  }
  if (typeof text !== 'string') throw new AppError('ledger.invalid-record', 'A record cannot be written as JSON: it is no JSON value.')
  if (Buffer.byteLength(text) > largestRecord) throw new AppError('ledger.record-too-large', 'A record is larger than the ledger takes.')
  return text
}
