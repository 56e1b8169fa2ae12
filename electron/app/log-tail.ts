import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { LogLine } from '../../shared/cluster'
import { isMissing } from '../../shared/system-error'
import { parseLine } from '../log/parse-line'

interface LogTailOptions {
  readonly node: string
  /** Every `*.log` in it is followed: the node's own, and those of what it runs. */
  readonly folder: string
  readonly onLines: (lines: readonly LogLine[]) => void
  readonly onTrouble: (error: unknown) => void
  readonly pollMs?: number
}

/** A node's log while somebody looks at it. */
export interface LogTail {
  /** The end of what was there when it was opened, oldest first. */
  readonly lines: readonly LogLine[]
  close(): void
}

/** As much of each file is shown at first. */
const FIRST_BYTES = 256 * 1024
const FIRST_LINES = 2_000
/** More than this at once is only shown by its end: nobody reads on while that much is written. */
const MOST_BYTES = 1024 * 1024
const LINE_END = 0x0a

/**
 * Opens the log of a node: the end of it at once, then what is appended, in batches. Asking for the size is what works for every file
 * system and through every rotation.
 */
export async function openLogTail({ node, folder, onLines, onTrouble, pollMs = 250 }: LogTailOptions): Promise<LogTail> {
  const files = new Map<string, Followed>()
  const read = async (first: boolean): Promise<readonly LogLine[]> => {
    const batches: LogLine[][] = []
    for (const name of await logFiles(folder)) {
      const followed = files.get(name) ?? { position: first ? undefined : 0, inode: undefined, pending: Buffer.alloc(0) }
      files.set(name, followed)
      const lines = await readOn(path.join(folder, name), followed)
      batches.push(lines.map((line) => ({ node, ...parseLine(line) })))
    }
    return batches.length === 1 ? (batches[0] ?? []) : inOrder(batches)
  }

  const lines = (await read(true)).slice(-FIRST_LINES)
  let closed = false
  let timer: NodeJS.Timeout | undefined
  const look = async (): Promise<void> => {
    try {
      const appended = await read(false)
      if (!closed && appended.length > 0) onLines(appended)
    } catch (error) {
      onTrouble(error)
    }
    if (!closed) timer = setTimeout(() => void look(), pollMs)
  }
  timer = setTimeout(() => void look(), pollMs)
  return {
    lines,
    close: () => {
      closed = true
      clearTimeout(timer)
    },
  }
}

/** How far a file has been read. */
interface Followed {
  /** Undefined before the first reading, which begins near the end. */
  position: number | undefined
  inode: number | undefined
  /** The bytes of a line that has no end yet. */
  pending: Buffer
}

async function logFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [] // Nothing has been logged yet.
    throw error
  })
  return names.filter((name) => name.endsWith('.log')).sort()
}

/** The lines that were appended since the last time. A file that is another one, or shorter, was turned over: it is read from its start. */
async function readOn(file: string, followed: Followed): Promise<readonly string[]> {
  const facts = await stat(file).catch(() => undefined)
  if (facts === undefined) return [] // Being turned over just now; the next look finds the new one.
  const { size, ino } = facts
  const isOther = followed.inode !== undefined && (followed.inode !== ino || size < (followed.position ?? 0))
  const from = isOther ? 0 : (followed.position ?? Math.max(0, size - FIRST_BYTES))
  const start = Math.max(from, size - MOST_BYTES)
  const continues = !isOther && start === followed.position
  const bytes = await readBytes(file, start, size)
  const whole = continues || start === 0 ? bytes : bytes.subarray(bytes.indexOf(LINE_END) + 1)
  const text = continues ? Buffer.concat([followed.pending, whole]) : whole
  const end = text.lastIndexOf(LINE_END) + 1
  followed.inode = ino
  followed.position = start + bytes.length
  followed.pending = text.subarray(end)
  return text
    .toString('utf8', 0, end)
    .split('\n')
    .filter((line) => line !== '')
}

async function readBytes(file: string, from: number, to: number): Promise<Buffer> {
  if (to <= from) return Buffer.alloc(0)
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Lines of several files by their times; one without a time stays behind the line before it. */
function inOrder(batches: readonly (readonly LogLine[])[]): readonly LogLine[] {
  const timed = batches.flatMap((lines) => {
    let at = 0
    return lines.map((line) => ({ line, at: (at = line.at ?? at) }))
  })
  return timed.sort((a, b) => a.at - b.at).map(({ line }) => line)
}
