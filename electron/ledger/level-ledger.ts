import { promises as fs } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { AppError, toFailure } from '../../shared/errors'
import type { TransportLog } from '../transport/log'
import { brokenLedger } from './batch'
import type { Ledger } from './ledger'
import { closedLedger } from './store-connection'

interface LevelLedgerOptions {
  /** Folder of the database; made when it is not there. */
  readonly folder: string
  readonly log: TransportLog
}

/** A ledger of one process in a LevelDB database. */
export interface LevelLedger extends Ledger {
  /**
   * Stores a record behind all those given before, without waiting for the disk: it is durable with the next record that is appended, at the
   * latest a moment later as far as the operating system lives. For what is merely cheaper to know after a restart. Never rejects: a loss is logged.
   */
  note(record: unknown): void
  /** Drops the records before `sequence`. The last one stays: later ones are numbered after it. */
  trim(sequence: number): Promise<void>
}

interface Waiting {
  readonly json: string
  /** Undefined for a note. */
  readonly told?: { readonly resolve: (sequence: number) => void; readonly reject: (error: AppError) => void }
}

type Database = ClassicLevel

const KEY_DIGITS = 16
/** An execution that came in a message of NATS, whose limit is 1 MiB, with what belongs to it. */
const RECORD_BYTES = 1536 * 1024
const BATCH_BYTES = 4 * 1024 * 1024
const READ_AHEAD = 1000
const NOTE_DELAY_MS = 250
/** After a failed write the database is opened again; not more often than this. */
const REOPEN_MS = 500

/** The ledgers of this process by folder: one that is opened again takes the place of the earlier one. */
const open = new Map<string, FileLedger>()

/** Whether there is a ledger in a folder. */
export async function levelLedgerExists(folder: string): Promise<boolean> {
  try {
    await fs.access(resolve(folder, 'CURRENT'))
    return true
  } catch {
    return false // One that is there but may not be read is told when it is opened.
  }
}

/** Opens a ledger, or makes a new one. Rejects with `ledger.in-use` (another process has it), `ledger.full` or `ledger.broken`. */
export async function openLevelLedger({ folder, log }: LevelLedgerOptions): Promise<LevelLedger> {
  const place = resolve(folder)
  await open.get(place)?.fence()
  await fs.mkdir(dirname(place), { recursive: true, mode: 0o700 })
  const database = await openDatabase(place)
  const ledger = new FileLedger(place, database, await lastKey(database), log)
  open.set(place, ledger)
  return ledger
}

class FileLedger implements LevelLedger {
  #waiting: Waiting[] = []
  #pumping: Promise<void> | undefined
  #noteTimer: NodeJS.Timeout | undefined
  /** Why nothing can be stored any more. */
  #over: AppError | undefined
  /** Undefined after a failed write: LevelDB takes none any more until it has been opened again. */
  #database: Database | undefined
  #failedAt = 0
  #failure = ''

  constructor(
    private readonly place: string,
    database: Database,
    public lastSequence: number,
    private readonly log: TransportLog,
  ) {
    this.#database = database
  }

  append(record: unknown): Promise<number> {
    if (this.#over !== undefined) return Promise.reject(this.#over)
    let json: string
    try {
      json = toJson(record)
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
    return new Promise((resolve_, reject) => {
      this.#waiting.push({ json, told: { resolve: resolve_, reject } })
      this.#pump()
    })
  }

  note(record: unknown): void {
    if (this.#over !== undefined) return
    this.#waiting.push({ json: toJson(record) })
    this.#noteTimer ??= setTimeout(() => {
      this.#noteTimer = undefined
      this.#pump()
    }, NOTE_DELAY_MS)
  }

  async replay(onRecord: (record: unknown, sequence: number) => void): Promise<void> {
    const to = this.lastSequence
    const database = this.#database
    if (database === undefined) throw fullLedger('it could not be written to')
    const iterator = database.iterator({ lte: keyOf(to) })
    try {
      let expected: number | undefined
      for (;;) {
        const entries = await iterator.nextv(READ_AHEAD)
        if (entries.length === 0) break
        for (const [key, value] of entries) {
          const sequence = Number(key)
          if (expected !== undefined && sequence !== expected) throw brokenLedger(`record ${expected} is missing (the next one is ${sequence})`)
          expected = sequence + 1
          onRecord(parse(value, sequence), sequence)
        }
      }
      if (expected !== undefined && expected !== to + 1) throw brokenLedger(`record ${expected} is missing`)
    } finally {
      await iterator.close()
    }
  }

  async trim(sequence: number): Promise<void> {
    const end = keyOf(Math.min(sequence, this.lastSequence))
    await this.#database?.clear({ lt: end })
    // What is deleted stays in files, which are mapped into memory, until LevelDB comes across it.
    await this.#database?.compactRange(keyOf(0), end)
  }

  async close(): Promise<void> {
    this.#over ??= closedLedger()
    clearTimeout(this.#noteTimer)
    this.#pump()
    await this.#pumping
    await this.#release()
  }

  /** Another one has been opened in the same place. */
  async fence(): Promise<void> {
    this.#over = new AppError('ledger.fenced', 'This state has been opened anew; its earlier writer must not write to it any more.')
    clearTimeout(this.#noteTimer)
    await this.#pumping
    await this.#release()
  }

  async #release(): Promise<void> {
    if (open.get(this.place) === this) open.delete(this.place)
    const database = this.#database
    this.#database = undefined
    await database?.close()
  }

  #pump(): void {
    // In a microtask: all that is appended in the same turn goes into the first batch.
    this.#pumping ??= Promise.resolve().then(() => this.#storeAll())
  }

  /** Never rejects. */
  async #storeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchLength(this.#waiting))
      const first = this.lastSequence + 1
      try {
        const database = await this.#writable()
        const operations = batch.map(({ json }, index) => ({ type: 'put' as const, key: keyOf(first + index), value: json }))
        await database.batch(operations, { sync: batch.some(({ told }) => told !== undefined) })
      } catch (error) {
        await this.#failed(batch, error)
        continue
      }
      this.lastSequence += batch.length
      for (const [index, { told }] of batch.entries()) told?.resolve(first + index)
    }
    // Here and not in a `finally`: what is appended in between would wait for ever.
    this.#pumping = undefined
  }

  async #failed(batch: readonly Waiting[], error: unknown): Promise<void> {
    const refusal = error instanceof AppError ? error : fullLedger(reasonOf(error))
    this.log.warn('The state of this node cannot be stored', { code: refusal.code, error: refusal.message, records: batch.length })
    const database = this.#database
    this.#database = undefined
    if (database !== undefined) {
      this.#failedAt = performance.now()
      this.#failure = reasonOf(error)
      await database.close().catch((failure: unknown) => this.log.warn('The database could not be closed', { error: toFailure(failure).message }))
    }
    for (const { told } of batch) told?.reject(refusal)
  }

  async #writable(): Promise<Database> {
    if (this.#database !== undefined) return this.#database
    if (performance.now() - this.#failedAt < REOPEN_MS) throw fullLedger(this.#failure)
    this.#failedAt = performance.now()
    const database = await openDatabase(this.place)
    // What was refused may still have reached the disk; it was told as not stored.
    await database.clear({ gt: keyOf(this.lastSequence) })
    this.#database = database
    return database
  }
}

async function openDatabase(place: string): Promise<Database> {
  const database: Database = new ClassicLevel(place, { keyEncoding: 'utf8', valueEncoding: 'utf8', writeBufferSize: 1 << 20, cacheSize: 1 << 20 })
  try {
    await database.open()
    return database
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = reasonOf(cause)
    if (/lock/i.test(reason)) {
      throw new AppError('ledger.in-use', `Another process uses ${place}.`, {
        hint: 'Stop it, or give this node a data directory of its own.',
        cause: error,
      })
    }
    throw isFull(reason) ? fullLedger(reason) : brokenDatabase(place, reason)
  }
}

function brokenDatabase(place: string, reason: string): AppError {
  return new AppError('ledger.broken', `The stored state cannot be read: ${reason.replace(/\.$/, '')}.`, {
    hint: `Put ${place} back from a backup; or move it away and start the node again: what it ran is then taken for lost, and run again by the rules of each job.`,
  })
}

async function lastKey(database: Database): Promise<number> {
  for await (const key of database.keys({ reverse: true, limit: 1 })) return Number(key)
  return 0
}

function keyOf(sequence: number): string {
  return String(sequence).padStart(KEY_DIGITS, '0')
}

function batchLength(waiting: readonly Waiting[]): number {
  let bytes = 0
  const over = waiting.findIndex(({ json }, index) => {
    bytes += json.length
    return index > 0 && bytes > BATCH_BYTES
  })
  return over === -1 ? waiting.length : over
}

function toJson(record: unknown): string {
  let text: unknown
  try {
    text = JSON.stringify(record)
  } catch (error) {
    throw new AppError('ledger.invalid-record', `A record cannot be stored: ${reasonOf(error)}.`)
  }
  if (typeof text !== 'string') throw new AppError('ledger.invalid-record', 'A record cannot be stored: it is no JSON value.')
  const bytes = Buffer.byteLength(text)
  if (bytes > RECORD_BYTES)
    throw new AppError('ledger.record-too-large', `A record of ${bytes} bytes is larger than the ledger takes (${RECORD_BYTES}).`)
  return text
}

function parse(value: string, sequence: number): unknown {
  try {
    return JSON.parse(value)
  } catch (error) {
    throw brokenLedger(`record ${sequence}: ${reasonOf(error)}`)
  }
}

const reasonOf = (error: unknown): string => toFailure(error).message
const isFull = (reason: string): boolean => /no space|file too large|quota/i.test(reason)

function fullLedger(reason: string): AppError {
  return new AppError('ledger.full', `The state of this node cannot be stored (${reason}).`, { hint: 'Free disk space where the data directory is.' })
}
