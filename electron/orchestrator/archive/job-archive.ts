import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, rmSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors'
import type { JobStateType } from '../../../shared/models/job'

/** What is kept in memory of an archived job: enough to find it and to list it. Times are Unix nanoseconds. */
export interface ArchiveRow {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly state: JobStateType
  readonly labels?: Readonly<Record<string, string>>
  readonly created: number
  readonly modified: number
  /** Where the rest of it lies. */
  readonly segment: number
  readonly offset: number
  readonly length: number
}

/** How long the archive's files are, as of some checkpoint; what lies behind that is written again. */
export interface ArchiveLengths {
  readonly index: number
  readonly segments: Readonly<Record<string, number>>
}

type IndexLine = ArchiveRow | { readonly dropped: string }

const segmentBytes = 64 * 1024 * 1024
const indexFile = 'index.jsonl'
const segmentFile = (segment: number): string => `bodies-${String(segment).padStart(6, '0')}.jsonl`

/**
 * Ended jobs on disk: their bodies in segments, the rows to find them in an index. Nothing in it counts until a checkpoint names its
 * length. A segment whose jobs are all dropped is deleted.
 */
export class JobArchive {
  readonly #directory: string
  readonly #rows = new Map<string, ArchiveRow>()
  readonly #files = new Map<number, number>()
  readonly #alive = new Map<number, number>()
  readonly #index: number
  #indexLength: number
  readonly #lengths = new Map<number, number>()
  #current: number

  /** @throws AppError `archive.broken` when less is there than the checkpoint knows */
  constructor(directory: string, known: ArchiveLengths = { index: 0, segments: {} }) {
    this.#directory = directory
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    this.#indexLength = known.index
    this.#index = this.#openAt(indexFile, known.index)
    for (const line of readFileSync(join(directory, indexFile), 'utf8').split('\n')) if (line !== '') this.#note(JSON.parse(line) as IndexLine)
    for (const [segment, length] of Object.entries(known.segments)) this.#lengths.set(Number(segment), length)
    for (const file of readdirSync(directory)) {
      const segment = Number(/^bodies-(\d+)\.jsonl$/.exec(file)?.[1] ?? Number.NaN)
      if (Number.isNaN(segment)) continue
      const length = this.#lengths.get(segment)
      if (length === undefined || (this.#alive.get(segment) ?? 0) === 0) rmSync(join(directory, file), { force: true })
      else this.#files.set(segment, this.#openAt(file, length))
    }
    for (const segment of this.#lengths.keys()) if (!this.#files.has(segment)) this.#lengths.delete(segment)
    this.#current = Math.max(0, ...Object.keys(known.segments).map(Number))
  }

  get rows(): ReadonlyMap<string, ArchiveRow> {
    return this.#rows
  }

  get lengths(): ArchiveLengths {
    return { index: this.#indexLength, segments: Object.fromEntries([...this.#lengths].map(([segment, length]) => [String(segment), length])) }
  }

  /** The JSON that was archived under a row. */
  read({ id, segment, offset, length }: ArchiveRow): string {
    const file = this.#files.get(segment)
    const buffer = Buffer.allocUnsafe(length)
    if (file === undefined || readSync(file, buffer, 0, length, offset) !== length) throw broken(`job ${id} is not where the index says`)
    return buffer.toString('utf8')
  }

  /** Writes jobs; `sync` makes them durable. */
  add(jobs: readonly { readonly row: Omit<ArchiveRow, 'segment' | 'offset' | 'length'>; readonly body: string }[]): ArchiveRow[] {
    return jobs.map(({ row, body }) => {
      const data = Buffer.from(`${body}\n`)
      const segment = this.#segmentFor(data.length)
      const offset = this.#lengths.get(segment) ?? 0
      writeSync(this.#files.get(segment) ?? -1, data, 0, data.length, offset)
      this.#lengths.set(segment, offset + data.length)
      const whole: ArchiveRow = { ...row, segment, offset, length: data.length - 1 }
      this.#write(whole)
      return whole
    })
  }

  /** A job is deleted, or lives again. */
  drop(id: string): void {
    if (this.#rows.has(id)) this.#write({ dropped: id })
  }

  sync(): void {
    for (const file of [this.#files.get(this.#current), this.#index]) if (file !== undefined) fsyncSync(file)
  }

  /** Deletes segments that hold nothing any more; to be called when the checkpoint that still named them has been replaced. */
  sweep(): void {
    for (const [segment, file] of this.#files) {
      if (segment === this.#current || (this.#alive.get(segment) ?? 0) > 0) continue
      closeSync(file)
      this.#files.delete(segment)
      this.#lengths.delete(segment)
      rmSync(join(this.#directory, segmentFile(segment)), { force: true })
    }
  }

  close(): void {
    for (const file of [...this.#files.values(), this.#index]) closeSync(file)
    this.#files.clear()
  }

  #write(line: IndexLine): void {
    const data = Buffer.from(`${JSON.stringify(line)}\n`)
    writeSync(this.#index, data, 0, data.length, this.#indexLength)
    this.#indexLength += data.length
    this.#note(line)
  }

  #note(line: IndexLine): void {
    const id = 'dropped' in line ? line.dropped : line.id
    const before = this.#rows.get(id)
    if (before !== undefined) this.#alive.set(before.segment, (this.#alive.get(before.segment) ?? 1) - 1)
    if ('dropped' in line) return void this.#rows.delete(id)
    this.#rows.set(id, line)
    this.#alive.set(line.segment, (this.#alive.get(line.segment) ?? 0) + 1)
  }

  #segmentFor(bytes: number): number {
    const used = this.#lengths.get(this.#current) ?? 0
    if (used > 0 && used + bytes > segmentBytes) this.#current += 1
    if (!this.#files.has(this.#current)) {
      this.#files.set(this.#current, this.#openAt(segmentFile(this.#current), 0))
      this.#lengths.set(this.#current, 0)
    }
    return this.#current
  }

  /** What lies behind `length` was never counted. */
  #openAt(file: string, length: number): number {
    const path = join(this.#directory, file)
    closeSync(openSync(path, 'a', 0o600))
    const handle = openSync(path, 'r+')
    const probe = Buffer.alloc(1)
    if (length > 0 && readSync(handle, probe, 0, 1, length - 1) !== 1) throw broken(`${file} is shorter than ${String(length)} bytes`)
    truncateSync(path, length)
    return handle
  }
}

function broken(reason: string): AppError {
  return new AppError('archive.broken', `The archive of ended jobs cannot be read: ${reason}.`, {
    hint: 'Restore the data directory from a backup, or start with an empty one.',
  })
}
