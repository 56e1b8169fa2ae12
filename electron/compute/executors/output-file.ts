import { StringDecoder } from 'node:string_decoder'
import { AppError, messageOf } from '../../../shared/errors'
import { isDiskFull } from '../../../shared/system-error'
import { type OutputPiece, OutputStore, type OutputStreamName } from './output-store'

/** Where a program's output goes. `write` resolves when more may be written: who does not wait for it fills memory. */
export interface OutputSink {
  /** Rejects with AppError `output.disk-full` or `output.failed`; nothing is kept after that. The bytes are copied or written before it resolves. */
  write(bytes: Uint8Array): Promise<void>
}

/** Bacalhau keeps at most this much of each stream on disk. */
export const OUTPUT_LIMIT_BYTES = 1_000_000_000
/** What `RunOutput` carries of each stream inline. */
const INLINE_BYTES = 2048
/** More than this waiting for the disk holds the program up. */
const QUEUE_BYTES = 512 * 1024
/** Output that comes to no more than this by the program's end is stored in one file. */
const WHOLE_BYTES = 16 * 1024

/** The start of a stream, for `RunOutput`. */
interface InlineOutput {
  readonly text: string
  readonly truncated: boolean
}

/** The output of one execution while it runs, and at its end. */
export interface ExecutionOutput {
  readonly folder: string
  readonly stdout: OutputSink
  readonly stderr: OutputSink
  /** The first 2048 bytes of a stream; there at once, also before the disk has them. */
  inline(stream: OutputStreamName): InlineOutput
  /** Whether `inline` has all there is so far of both streams. */
  readonly isInline: boolean
  /** Whether output was dropped because the stream reached its limit. */
  truncated(stream: OutputStreamName): boolean
  /** Bytes of order records that are on disk with the output they tell of. */
  readonly written: number
  readonly closed: boolean
  /** Called after each write to disk and at the end; returns what ends it. */
  onWritten(listener: () => void): () => void
  /** Resolves when all of it is in the files; rejects as `write`. Later writes are dropped. */
  close(): Promise<void>
}

interface Kept {
  bytes: number
  readonly head: Buffer
  cut: boolean
}

interface OutputOptions {
  readonly limitBytes?: number
  /** Each stream gets its own file also where it is little: somebody reads those, or there are some already. */
  readonly apart?: boolean
}

/** The output of one execution, kept in `folder`, or beside it (output-store.ts). */
export function openExecutionOutput(folder: string, { limitBytes = OUTPUT_LIMIT_BYTES, apart = false }: OutputOptions = {}): ExecutionOutput {
  return new FileOutput(folder, limitBytes, apart)
}

class FileOutput implements ExecutionOutput {
  readonly stdout: OutputSink = { write: (bytes) => this.#take('stdout', bytes) }
  readonly stderr: OutputSink = { write: (bytes) => this.#take('stderr', bytes) }
  written = 0
  closed = false

  readonly #kept: Readonly<Record<OutputStreamName, Kept>> = { stdout: emptyKept(), stderr: emptyKept() }
  readonly #listeners = new Set<() => void>()
  readonly #store: OutputStore
  #queue: OutputPiece[] = []
  #queuedBytes = 0
  #soon: NodeJS.Immediate | undefined
  #flushing: Promise<void> | undefined
  #failure: AppError | undefined
  #closing: Promise<void> | undefined

  constructor(
    readonly folder: string,
    readonly limitBytes: number,
    readonly apart: boolean,
  ) {
    this.#store = new OutputStore(folder)
  }

  inline(stream: OutputStreamName): InlineOutput {
    const { head, bytes } = this.#kept[stream]
    // A decoder leaves a character out that was cut in two.
    const text = new StringDecoder('utf8').write(head.subarray(0, Math.min(bytes, INLINE_BYTES)))
    return { text, truncated: bytes > INLINE_BYTES || this.#kept[stream].cut }
  }

  get isInline(): boolean {
    return Object.values(this.#kept).every(({ bytes, cut }) => bytes <= INLINE_BYTES && !cut)
  }

  truncated(stream: OutputStreamName): boolean {
    return this.#kept[stream].cut
  }

  onWritten(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #take(stream: OutputStreamName, bytes: Uint8Array): Promise<void> {
    this.#refuseAfterFailure()
    if (this.#closing !== undefined || bytes.length === 0) return
    const kept = this.#kept[stream]
    const room = Math.max(0, this.limitBytes - kept.bytes)
    const part = bytes.length > room ? bytes.subarray(0, room) : bytes
    this.#add(stream, part)
    if (part.length < bytes.length && !kept.cut) {
      kept.cut = true
      this.#add('stderr', Buffer.from(`\nshoal: ${stream} is longer than ${this.limitBytes} bytes; the rest is dropped.\n`))
    }
    if (this.#queuedBytes <= QUEUE_BYTES) return
    await this.#flushNow()
    this.#refuseAfterFailure()
  }

  #add(stream: OutputStreamName, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const kept = this.#kept[stream]
    if (kept.bytes < INLINE_BYTES) kept.head.set(bytes.subarray(0, INLINE_BYTES - kept.bytes), kept.bytes)
    kept.bytes += bytes.length
    // The caller may use its buffer again.
    this.#queue.push({ stream, bytes: Buffer.from(bytes) })
    this.#queuedBytes += bytes.length
    // Not at once: with a short program its end comes in the same turn.
    if (this.#flushing === undefined) this.#soon ??= setImmediate(() => void this.#flushNow())
  }

  #flushNow(): Promise<void> {
    this.#forgetSoon()
    this.#flushing ??= this.#flush()
    return this.#flushing
  }

  #forgetSoon(): void {
    clearImmediate(this.#soon)
    this.#soon = undefined
  }

  /** Never rejects: what went wrong is told by the next write, and by `close`. */
  async #flush(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const pieces = this.#queue
        this.#queue = []
        this.written += await this.#store.append(pieces)
        this.#queuedBytes -= pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
        this.#tell()
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#flushing = undefined
    }
  }

  async #storeWhole(): Promise<void> {
    this.#forgetSoon()
    // What was begun in this turn, such as telling the program's end, goes first.
    await new Promise((resolve) => setImmediate(resolve))
    try {
      this.written += this.#store.storeWhole(this.#queue)
      this.#queue = []
      this.#queuedBytes = 0
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#failure = writeFailure(this.folder, error)
    this.#queue = []
    this.#queuedBytes = 0
  }

  async #end(): Promise<void> {
    try {
      const isWhole = this.#soon !== undefined && this.#store.isEmpty && this.#queuedBytes <= WHOLE_BYTES
      if (isWhole && !this.apart) await this.#storeWhole()
      while (this.#soon !== undefined || this.#flushing !== undefined) await this.#flushNow()
      this.#refuseAfterFailure()
    } finally {
      await this.#store.close()
      this.closed = true
      this.#tell()
    }
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function emptyKept(): Kept {
  return { bytes: 0, head: Buffer.alloc(INLINE_BYTES), cut: false }
}

function writeFailure(folder: string, error: unknown): AppError {
  return isDiskFull(error)
    ? new AppError('output.disk-full', `The disk of ${folder} is full; the output of the program cannot be kept.`, {
        hint: 'Make room on that disk, or let the program write less.',
        cause: error,
      })
    : new AppError('output.failed', `The output cannot be written to ${folder}: ${messageOf(error)}.`, {
        hint: 'Look whether the data directory is there and may be written to.',
        cause: error,
      })
}
