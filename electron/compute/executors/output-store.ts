import { promises as fs, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Numbers of the streams in Bacalhau's log messages. */
export const outputStreams = { stdout: 1, stderr: 2 } as const
/** One of a program's two streams. */
export type OutputStreamName = keyof typeof outputStreams

/** A record of the order file: little endian, the top bit set for stderr, the rest a length in bytes. */
export const ORDER_RECORD_BYTES = 4
/** Set in a record of the order file whose bytes went to stderr. */
export const ORDER_STDERR_BIT = 0x8000_0000

/** Names of the files in an execution's output folder. */
export const outputFiles = { stdout: 'stdout', stderr: 'stderr', order: 'output-order' } as const

/** A part of a program's output, as it arrived. */
export interface OutputPiece {
  readonly stream: OutputStreamName
  readonly bytes: Uint8Array
}

/** Where output lies that was little and all there is, in one file beside the folder that it has not got: a folder costs several times as much as a file. */
export function wholeOutputFile(folder: string): string {
  return `${folder}${WHOLE_OUTPUT}`
}

/** Ends the names of such files; no folder's name has a `+` (run-folders.ts). */
export const WHOLE_OUTPUT = '+output'

/**
 * The files of one execution's output in `folder`: one for each stream, and the order in which their parts arrived in a third one. Folder and files
 * are made with the first byte, so that a silent program costs none.
 */
export class OutputStore {
  readonly #files = new Map<string, fs.FileHandle>()
  #made = false

  constructor(private readonly folder: string) {}

  /** Whether nothing is on the disk yet. */
  get isEmpty(): boolean {
    return !this.#made
  }

  /** Returns the bytes of order records. */
  async append(pieces: readonly OutputPiece[]): Promise<number> {
    if (!this.#made) await fs.mkdir(this.folder, { recursive: true, mode: 0o700 })
    this.#made = true
    const parts = partsOf(pieces)
    for (const { name, bytes } of parts) await writeWhole(await this.#file(name), bytes)
    return parts.at(-1)?.bytes.length ?? 0
  }

  /**
   * The same for little that is all there is: the number of its order records, those, and its bytes, in one file. At once: handing it to another
   * thread would take longer than writing it.
   */
  storeWhole(pieces: readonly OutputPiece[]): number {
    const order = orderOf(pieces)
    const records = Buffer.alloc(ORDER_RECORD_BYTES)
    records.writeUInt32LE(order.length / ORDER_RECORD_BYTES)
    writeFileSync(wholeOutputFile(this.folder), Buffer.concat([records, order, ...pieces.map(({ bytes }) => bytes)]), { mode: 0o600 })
    return order.length
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()))
  }

  async #file(name: string): Promise<fs.FileHandle> {
    const open = this.#files.get(name)
    if (open !== undefined) return open
    const file = await fs.open(join(this.folder, name), 'a', 0o600)
    this.#files.set(name, file)
    return file
  }
}

/** What goes into which file. The order is last, so that readers find the bytes that a record tells of. */
function partsOf(pieces: readonly OutputPiece[]): { readonly name: string; readonly bytes: Uint8Array }[] {
  const streams = (['stdout', 'stderr'] as const).flatMap((stream) => {
    const own = pieces.filter((piece) => piece.stream === stream).map(({ bytes }) => bytes)
    return own.length === 0 ? [] : [{ name: outputFiles[stream], bytes: own.length === 1 && own[0] !== undefined ? own[0] : Buffer.concat(own) }]
  })
  return [...streams, { name: outputFiles.order, bytes: orderOf(pieces) }]
}

/** One record for what stands together in one stream: a program that writes single bytes would have more of them than of output. */
function orderOf(pieces: readonly OutputPiece[]): Buffer {
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

async function writeWhole(file: fs.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) {
    const { bytesWritten } = await file.write(rest)
    rest = rest.subarray(bytesWritten)
  }
}
