import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { AppError } from '../../../shared/errors'
import { isDiskFull } from '../disk-full'

/** Where a program's output goes. `write` resolves when more may be written: who does not wait for it fills memory. */
export interface OutputSink {
  /** Rejects with AppError `output.disk-full` or `output.failed`; nothing is kept after that. The bytes are copied or written before it resolves. */
  write(bytes: Uint8Array): Promise<void>
}

/** Numbers of protocol: section 5.2. */
export const outputStreams = { stdout: 1, stderr: 2 } as const
export type OutputStreamName = keyof typeof outputStreams

/** Bacalhau keeps at most this much of each stream on disk (engine.md 3.5). */
export const OUTPUT_LIMIT_BYTES = 1_000_000_000
/** What `RunOutput` carries of each stream inline. */
export const INLINE_BYTES = 2048
/** More than this waiting for the disk holds the program up. */
const QUEUE_BYTES = 512 * 1024
/** A record of the order file: little endian, the top bit set for stderr, the rest a length in bytes. */
export const ORDER_RECORD_BYTES = 4
export const ORDER_STDERR_BIT = 0x8000_0000

export const outputFiles = { stdout: 'stdout', stderr: 'stderr', order: 'output-order' } as const

/** The start of a stream, for `RunOutput`. */
export interface InlineOutput {
  readonly text: string
  readonly truncated: boolean
}

export interface ExecutionOutput {
  readonly folder: string
  readonly stdout: OutputSink
  readonly stderr: OutputSink
  /** The first 2048 bytes of a stream; there at once, also before the disk has them. */
  inline(stream: OutputStreamName): InlineOutput
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

interface Piece {
  readonly stream: OutputStreamName
  readonly bytes: Uint8Array
}

interface Kept {
  bytes: number
  readonly head: Buffer
  cut: boolean
}

/**
 * The output of one execution: `stdout` and `stderr` in files of their own in `folder`, and the order in which their parts arrived in a third one.
 * Files are opened at the first byte, so that a silent program costs none.
 */
export function openExecutionOutput(folder: string, limitBytes: number = OUTPUT_LIMIT_BYTES): ExecutionOutput {
  return new FileOutput(folder, limitBytes)
}

class FileOutput implements ExecutionOutput {
  readonly stdout: OutputSink = { write: (bytes) => this.#take('stdout', bytes) }
  readonly stderr: OutputSink = { write: (bytes) => this.#take('stderr', bytes) }
  written = 0
  closed = false

  readonly #kept: Readonly<Record<OutputStreamName, Kept>> = { stdout: emptyKept(), stderr: emptyKept() }
  readonly #listeners = new Set<() => void>()
  readonly #files = new Map<string, fs.FileHandle>()
  #queue: Piece[] = []
  #queuedBytes = 0
  #flushing: Promise<void> | undefined
  #failure: AppError | undefined
  #closing: Promise<void> | undefined

  constructor(
    readonly folder: string,
    readonly limitBytes: number,
  ) {}

  inline(stream: OutputStreamName): InlineOutput {
    const { head, bytes } = this.#kept[stream]
    // A decoder leaves a character out that was cut in two.
    const text = new StringDecoder('utf8').write(head.subarray(0, Math.min(bytes, INLINE_BYTES)))
    return { text, truncated: bytes > INLINE_BYTES || this.#kept[stream].cut }
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
    await this.#flushing
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
    this.#flushing ??= this.#flush()
  }

  /** Never rejects: what went wrong is told by the next write, and by `close`. */
  async #flush(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const pieces = this.#queue
        this.#queue = []
        await this.#store(pieces)
        this.#queuedBytes -= pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
        this.#tell()
      }
    } catch (error) {
      this.#failure = writeFailure(this.folder, error)
      this.#queue = []
      this.#queuedBytes = 0
    } finally {
      this.#flushing = undefined
    }
  }

  async #store(pieces: readonly Piece[]): Promise<void> {
    const order = orderOf(pieces)
    for (const stream of ['stdout', 'stderr'] as const) {
      const own = pieces.filter((piece) => piece.stream === stream).map(({ bytes }) => bytes)
      if (own.length > 0) await writeWhole(await this.#file(outputFiles[stream]), own)
    }
    // Last, so that readers find the bytes that a record tells of.
    await writeWhole(await this.#file(outputFiles.order), [order])
    this.written += order.length
  }

  async #file(name: string): Promise<fs.FileHandle> {
    const open = this.#files.get(name)
    if (open !== undefined) return open
    const file = await fs.open(join(this.folder, name), 'a', 0o600)
    this.#files.set(name, file)
    return file
  }

  async #end(): Promise<void> {
    try {
      while (this.#flushing !== undefined) await this.#flushing
      this.#refuseAfterFailure()
    } finally {
      await Promise.all([...this.#files.values()].map((file) => file.close()))
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

/** One record for what stands together in one stream: a program that writes single bytes would have more of them than of output. */
function orderOf(pieces: readonly Piece[]): Buffer {
  const runs: { readonly stream: OutputStreamName; length: number }[] = []
  for (const { stream, bytes } of pieces) {
    const last = runs.at(-1)
    if (last?.stream === stream) last.length += bytes.length
    else runs.push({ stream, length: bytes.length })
  }
  const order = Buffer.alloc(runs.length * ORDER_RECORD_BYTES)
  runs.forEach(({ stream, length }, index) => {
    order.writeUInt32LE((length | (stream === 'stderr' ? ORDER_STDERR_BIT : 0)) >>> 0, index * ORDER_RECORD_BYTES)
  })
  return order
}

function emptyKept(): Kept {
  return { bytes: 0, head: Buffer.alloc(INLINE_BYTES), cut: false }
}

async function writeWhole(file: fs.FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let rest: Uint8Array = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
  while (rest.length > 0) {
    const { bytesWritten } = await file.write(rest)
    rest = rest.subarray(bytesWritten)
  }
}

function writeFailure(folder: string, error: unknown): AppError {
  return isDiskFull(error)
    ? new AppError('output.disk-full', `The disk of ${folder} is full; the output of the program cannot be kept.`, {
        hint: 'Make room on that disk, or let the program write less.',
        cause: error,
      })
    : new AppError('output.failed', `The output cannot be written to ${folder}: ${error instanceof Error ? error.message : String(error)}.`, {
        hint: 'Look whether the data directory is there and may be written to.',
        cause: error,
      })
}
