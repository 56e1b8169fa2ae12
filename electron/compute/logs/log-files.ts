import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { isMissing } from '../../../shared/system-error'
import type { ExecutionOutput } from '../executors/output-file'
import { ORDER_RECORD_BYTES, ORDER_STDERR_BIT, outputFiles, type OutputStreamName, outputStreams, wholeOutputFile } from '../executors/output-store'

/** A part of what a program wrote; `type` 1 is stdout, 2 stderr. Bytes as they were written: a character may go on in the next frame. */
export interface LogFrame {
  readonly type: 1 | 2
  readonly bytes: Buffer
}

interface ReadLogOptions {
  /** Only what is written from now on. */
  readonly tail: boolean
  /** Goes on until the program has ended; otherwise ends with what is there now. */
  readonly follow: boolean
  /** Ends the reading, without an error. */
  readonly signal: AbortSignal
}

/** The output of one execution, to be read while it runs and after. */
export interface LogSource {
  read(options: ReadLogOptions): AsyncGenerator<LogFrame, void, undefined>
}

/** Neighbouring parts of one stream are given together up to this much. */
const FRAME_BYTES = 64 * 1024
const ORDER_BYTES = ORDER_RECORD_BYTES * 4096

/** Output in files; `live` is what still writes them, undefined for an execution that has ended. Both streams in the order in which they arrived. */
export function openLog(folder: string, live?: ExecutionOutput): LogSource {
  // "From now on" is from this call, not from when the first frame is asked for.
  return { read: (options) => readLog(folder, live, options, options.tail ? (live?.written ?? Infinity) : 0) }
}

interface Record {
  readonly stream: OutputStreamName
  readonly length: number
}

async function* readLog(
  folder: string,
  live: ExecutionOutput | undefined,
  { follow, signal }: ReadLogOptions,
  skippedOrderBytes: number,
): AsyncGenerator<LogFrame, void, undefined> {
  const files = new LogReader(folder)
  try {
    await files.skip(skippedOrderBytes)
    for (;;) {
      // Asked before reading: what is written meanwhile is waited for below, never missed.
      const { written, closed } = live === undefined ? { written: Infinity, closed: true } : live
      for await (const frame of files.next()) {
        if (isAborted(signal)) return
        yield frame
      }
      if (isAborted(signal) || !follow || closed || live === undefined) return
      if (live.written === written) await changed(live, written, signal)
    }
  } finally {
    await files.close()
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

function changed(live: ExecutionOutput, written: number, signal: AbortSignal): Promise<void> {
  if (live.written !== written || live.closed || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      stop()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const stop = live.onWritten(end)
    signal.addEventListener('abort', end)
  })
}

/** Positions in the files of one execution. */
class LogReader {
  readonly #at = { stdout: 0, stderr: 0, order: 0 }
  readonly #open = new Map<string, fs.FileHandle>()
  /** Whether what may lie in one file is behind us. */
  #pastWhole = false

  constructor(private readonly folder: string) {}

  /** Goes past what `orderBytes` of order records tell of, or all that is there. */
  async skip(orderBytes: number): Promise<void> {
    this.#pastWhole = orderBytes > 0
    for (;;) {
      const records = await this.#records(orderBytes - this.#at.order)
      if (records.length === 0) return
      for (const { stream, length } of records) this.#at[stream] += length
      this.#at.order += records.length * ORDER_RECORD_BYTES
    }
  }

  /** Everything that is there now and was not given yet. */
  async *next(): AsyncGenerator<LogFrame, void, undefined> {
    if (!this.#pastWhole) {
      const whole = await fs.readFile(wholeOutputFile(this.folder)).catch(unlessMissing)
      if (whole !== undefined) {
        this.#pastWhole = true
        yield* framesOfWhole(whole)
      }
    }
    for (;;) {
      const records = await this.#records(Infinity)
      if (records.length === 0) return
      this.#at.order += records.length * ORDER_RECORD_BYTES
      for (const { stream, length } of joinNeighbours(records)) {
        for (let left = length; left > 0;) {
          const bytes = await this.#read(stream, Math.min(left, FRAME_BYTES))
          if (bytes.length === 0) break // The file was cut short by somebody; what is left is still told.
          left -= bytes.length
          yield { type: outputStreams[stream], bytes }
        }
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((file) => file.close()))
  }

  async #records(atMost: number): Promise<readonly Record[]> {
    const file = await this.#file('order')
    if (file === undefined || atMost <= 0) return []
    const buffer = Buffer.alloc(Math.min(ORDER_BYTES, atMost))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#at.order)
    return recordsIn(buffer.subarray(0, bytesRead))
  }

  async #read(stream: OutputStreamName, length: number): Promise<Buffer> {
    const file = await this.#file(stream)
    const buffer = Buffer.alloc(length)
    const { bytesRead } = file === undefined ? { bytesRead: 0 } : await file.read(buffer, 0, length, this.#at[stream])
    this.#at[stream] += bytesRead
    return buffer.subarray(0, bytesRead)
  }

  /** Undefined while nothing has been written. */
  async #file(name: 'stdout' | 'stderr' | 'order'): Promise<fs.FileHandle | undefined> {
    const known = this.#open.get(name)
    if (known !== undefined) return known
    const file = await fs.open(join(this.folder, outputFiles[name])).catch(unlessMissing)
    if (file !== undefined) this.#open.set(name, file)
    return file
  }
}

/** What `OutputStore.storeWhole` has written. */
function* framesOfWhole(file: Buffer): Generator<LogFrame, void, undefined> {
  const count = file.length < ORDER_RECORD_BYTES ? 0 : file.readUInt32LE(0)
  let at = ORDER_RECORD_BYTES * (1 + count)
  for (const { stream, length } of recordsIn(file.subarray(ORDER_RECORD_BYTES, at))) {
    const bytes = file.subarray(at, at + length)
    if (bytes.length > 0) yield { type: outputStreams[stream], bytes }
    at += length
  }
}

function recordsIn(order: Buffer): readonly Record[] {
  return Array.from({ length: Math.floor(order.length / ORDER_RECORD_BYTES) }, (_, index) => {
    const value = order.readUInt32LE(index * ORDER_RECORD_BYTES)
    return { stream: value >= ORDER_STDERR_BIT ? 'stderr' : 'stdout', length: value % ORDER_STDERR_BIT }
  })
}

function unlessMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined
  throw error
}

function joinNeighbours(records: readonly Record[]): readonly Record[] {
  const joined: { stream: OutputStreamName; length: number }[] = []
  for (const { stream, length } of records) {
    const last = joined.at(-1)
    if (last?.stream === stream) last.length += length
    else joined.push({ stream, length })
  }
  return joined
}
