import { constants, promises as fs } from 'node:fs'
import { isMissing } from '../../shared/system-error'

/** A log file that never grows past `maxBytes`: the full one becomes `<path>.1`, that one `.2`, … the last is dropped. */
export interface RotatingFile {
  /** Queues one line; never blocks, never throws. Lines that find no room (disk full, slow disk) are dropped and counted. */
  writeLine(line: string): void
  /** Resolves when all that was queued is written or dropped. */
  flush(): Promise<void>
  /** Flushes and closes; later lines are dropped. */
  close(): Promise<void>
  /** Lines lost so far. */
  readonly dropped: number
}

interface RotatingFileOptions {
  readonly path: string
  /** Size at which the file is turned over. Default 5 MiB. */
  readonly maxBytes?: number
  /** Older files kept beside it. Default 3. */
  readonly keep?: number
  /** What may wait in memory for the disk. Default 1 MiB. */
  readonly maxQueuedBytes?: number
  /** Told once when lines begin to be lost, with the reason. */
  readonly onTrouble?: (error: unknown) => void
}

const MiB = 1024 * 1024

/** Opens the file at the first line; mode 0600, as logs name people's machines. The folder must exist. */
export function createRotatingFile(options: RotatingFileOptions): RotatingFile {
  return new QueuedLines(options)
}

class QueuedLines implements RotatingFile {
  readonly #file: CappedFile
  readonly #chunkBytes: number
  readonly #maxQueuedBytes: number
  readonly #onTrouble: RotatingFileOptions['onTrouble']
  #queue: string[] = []
  #queuedBytes = 0
  #dropped = 0
  #unreported = 0
  #closed = false
  #draining: Promise<void> | undefined

  constructor({ path, maxBytes = 5 * MiB, keep = 3, maxQueuedBytes = MiB, onTrouble }: RotatingFileOptions) {
    this.#file = new CappedFile(path, maxBytes, keep)
    this.#chunkBytes = Math.max(1, Math.min(maxBytes, 64 * 1024))
    this.#maxQueuedBytes = maxQueuedBytes
    this.#onTrouble = onTrouble
  }

  get dropped(): number {
    return this.#dropped
  }

  writeLine(line: string): void {
    const text = `${line}\n`
    const bytes = Buffer.byteLength(text)
    if (this.#closed || this.#queuedBytes + bytes > this.#maxQueuedBytes) {
      this.#lose(1)
      return
    }
    this.#queue.push(text)
    this.#queuedBytes += bytes
    this.#start()
  }

  async flush(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.flush()
    await this.#file.release()
  }

  #lose(lines: number): void {
    this.#dropped += lines
    this.#unreported += lines
  }

  #start(): void {
    this.#draining ??= Promise.resolve()
      .then(() => this.#drain())
      .finally(() => {
        this.#draining = undefined
        if (this.#queue.length > 0) this.#start()
      })
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const lines = this.#takeChunk()
      const lost = this.#unreported
      const note = lost > 0 ? `${new Date().toISOString()} WARN  ${lost} log lines were lost: the disk did not take them.\n` : ''
      try {
        await this.#file.write(note + lines.join(''))
        if (note !== '') this.#unreported = 0
      } catch (error) {
        const first = this.#unreported === 0
        this.#lose(lines.length)
        await this.#file.release()
        if (first) this.#onTrouble?.(error)
      }
    }
  }

  /** As many lines as fit one write that still keeps the file under its cap. */
  #takeChunk(): string[] {
    let bytes = 0
    let count = 0
    for (const line of this.#queue) {
      const length = Buffer.byteLength(line)
      if (count > 0 && bytes + length > this.#chunkBytes) break
      bytes += length
      count += 1
    }
    const lines = this.#queue.slice(0, count)
    this.#queue = this.#queue.slice(count)
    this.#queuedBytes -= bytes
    return lines
  }
}

/** The file itself: appended to, and turned over before it would grow past its cap. */
class CappedFile {
  #handle: fs.FileHandle | undefined
  #size = 0

  constructor(
    private readonly path: string,
    private readonly maxBytes: number,
    private readonly keep: number,
  ) {}

  /** Rejects with the system's error; then the file is to be released. */
  async write(chunk: string): Promise<void> {
    const bytes = Buffer.from(chunk)
    await this.#open()
    if (this.#size > 0 && this.#size + bytes.length > this.maxBytes) await this.#turnOver()
    const file = await this.#open()
    await file.appendFile(bytes)
    this.#size += bytes.length
  }

  async release(): Promise<void> {
    const old = this.#handle
    this.#handle = undefined
    await old?.close().catch(() => undefined) // A handle that cannot be closed is of no more use either way.
  }

  async #open(): Promise<fs.FileHandle> {
    if (this.#handle !== undefined) return this.#handle
    const handle = await fs.open(this.path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY, 0o600)
    this.#handle = handle
    this.#size = (await handle.stat()).size
    return handle
  }

  async #turnOver(): Promise<void> {
    await this.release()
    for (let index = this.keep; index >= 1; index -= 1) {
      const from = index === 1 ? this.path : `${this.path}.${index - 1}`
      await fs.rename(from, `${this.path}.${index}`).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
    }
    if (this.keep < 1) await fs.rm(this.path, { force: true })
  }
}
