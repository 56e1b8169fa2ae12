import { constants, promises as fs } from 'node:fs'

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

export interface RotatingFileOptions {
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
export function createRotatingFile({ path, maxBytes = 5 * MiB, keep = 3, maxQueuedBytes = MiB, onTrouble }: RotatingFileOptions): RotatingFile {
  let queue: string[] = []
  let queuedBytes = 0
  let dropped = 0
  let unreported = 0
  let closed = false
  let handle: fs.FileHandle | undefined
  let size = 0
  let draining: Promise<void> | undefined

  const lose = (lines: number): void => {
    dropped += lines
    unreported += lines
  }

  const release = async (): Promise<void> => {
    const old = handle
    handle = undefined
    await old?.close().catch(() => undefined) // A handle that cannot be closed is of no more use either way.
  }

  const open = async (): Promise<fs.FileHandle> => {
    if (handle !== undefined) return handle
    handle = await fs.open(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY, 0o600)
    size = (await handle.stat()).size
    return handle
  }

  const turnOver = async (): Promise<void> => {
    await release()
    for (let index = keep; index >= 1; index -= 1) {
      const from = index === 1 ? path : `${path}.${index - 1}`
      await fs.rename(from, `${path}.${index}`).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
    }
    if (keep < 1) await fs.rm(path, { force: true })
  }

  const writeChunk = async (chunk: string): Promise<void> => {
    const bytes = Buffer.from(chunk)
    await open()
    if (size > 0 && size + bytes.length > maxBytes) {
      await turnOver()
    }
    const file = await open()
    await file.appendFile(bytes)
    size += bytes.length
  }

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      const lines = takeChunk()
      const note = unreported > 0 ? `${new Date().toISOString()} WARN  ${unreported} log lines were lost: the disk did not take them.\n` : ''
      try {
        await writeChunk(note + lines.join(''))
        if (note !== '') unreported = 0
      } catch (error) {
        const first = unreported === 0
        lose(lines.length)
        await release()
        if (first) onTrouble?.(error)
      }
    }
  }

  /** As many lines as fit one write that still keeps the file under its cap. */
  const takeChunk = (): string[] => {
    const limit = Math.max(1, Math.min(maxBytes, 64 * 1024))
    let bytes = 0
    let count = 0
    for (const line of queue) {
      const length = Buffer.byteLength(line)
      if (count > 0 && bytes + length > limit) break
      bytes += length
      count += 1
    }
    const lines = queue.slice(0, count)
    queue = queue.slice(count)
    queuedBytes -= bytes
    return lines
  }

  const start = (): void => {
    draining ??= Promise.resolve()
      .then(drain)
      .finally(() => {
        draining = undefined
        if (queue.length > 0) start()
      })
  }

  const flush = async (): Promise<void> => {
    while (draining !== undefined) await draining
  }

  return {
    writeLine: (line) => {
      const text = `${line}\n`
      const bytes = Buffer.byteLength(text)
      if (closed || queuedBytes + bytes > maxQueuedBytes) {
        lose(1)
        return
      }
      queue.push(text)
      queuedBytes += bytes
      start()
    },
    flush,
    close: async () => {
      closed = true
      await flush()
      await release()
    },
    get dropped() {
      return dropped
    },
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
