import { closeSync, existsSync, fsync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../../../shared/errors'
import type { JobStateType } from '../../../shared/models/job'
import { readWhole, writeWhole } from './whole-writes'

/** What is kept in memory of an archived job: enough to find it and to list it. Times are Unix nanoseconds. */
export interface ArchiveRow {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly state: JobStateType
  readonly labels?: Readonly<Record<string, string>> | undefined
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
  /** Number of the index file; it rises each time the index is written anew. */
  readonly generation?: number | undefined
  readonly segments: Readonly<Record<string, number>>
}

type IndexLine = ArchiveRow | { readonly dropped: string }

interface Segment {
  /** Bytes that count. */
  length: number
  /** Jobs and bytes of them that are not dropped. */
  jobs: number
  bytes: number
  file: number | undefined
}

const usualSegmentBytes = 64 * 1024 * 1024
/** Rows that are dropped may fill the index as much as those that are not, and so many more. */
const spareLines = 1000

const indexFile = (generation: number): string => (generation === 0 ? 'index.jsonl' : `index-${String(generation).padStart(6, '0')}.jsonl`)
const segmentFile = (segment: number): string => `bodies-${String(segment).padStart(6, '0')}.jsonl`

/**
 * Ended jobs on disk: their bodies in segments, the rows to find them in an index. Nothing in it counts until a checkpoint names its
 * length, and nothing that a checkpoint may still name is changed: `sweep` deletes files once the next checkpoint has taken its place.
 */
export class JobArchive {
  readonly #directory: string
  readonly #segmentBytes: number
  readonly #rows = new Map<string, ArchiveRow>()
  readonly #segments = new Map<number, Segment>()
  #generation: number
  #index: number | undefined
  #indexLength: number
  #indexLines = 0
  #current: number

  /**
   * Reads what a checkpoint knows of, and changes nothing: `claim` does, once it is sure that this is the state to go on with.
   * @throws AppError `archive.broken` when less is there than the checkpoint knows
   */
  constructor(directory: string, known: ArchiveLengths = { index: 0, segments: {} }, segmentBytes = usualSegmentBytes) {
    this.#directory = directory
    this.#segmentBytes = segmentBytes
    this.#generation = known.generation ?? 0
    this.#indexLength = known.index
    for (const [segment, length] of Object.entries(known.segments))
      this.#segments.set(Number(segment), { length, jobs: 0, bytes: 0, file: undefined })
    this.#current = Math.max(0, ...this.#segments.keys())
    try {
      if (known.index > 0) this.#readIndex((this.#index = this.#openAt(indexFile(this.#generation), known.index)))
      for (const { id, segment } of this.#rows.values()) if (!this.#segments.has(segment)) throw broken(`the file with job ${id} is not known`)
      for (const [segment, one] of this.#segments) if (one.jobs > 0) one.file = this.#openAt(segmentFile(segment), one.length)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Removes what no checkpoint knows of: it was written in a life that ended before the next one. */
  claim(): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
    for (const [segment, one] of this.#segments) if (one.file === undefined) this.#segments.delete(segment)
    const ours = new Set([indexFile(this.#generation), ...[...this.#segments.keys()].map(segmentFile)])
    for (const file of readdirSync(this.#directory)) if (/^(bodies|index).*\.jsonl$/.test(file) && !ours.has(file)) this.#remove(file)
    this.#index ??= this.#create(indexFile(this.#generation))
    truncateSync(join(this.#directory, indexFile(this.#generation)), this.#indexLength)
    for (const [segment, { length }] of this.#segments) truncateSync(join(this.#directory, segmentFile(segment)), length)
  }

  get rows(): ReadonlyMap<string, ArchiveRow> {
    return this.#rows
  }

  get lengths(): ArchiveLengths {
    const segments = Object.fromEntries([...this.#segments].map(([segment, { length }]) => [String(segment), length]))
    return { index: this.#indexLength, ...(this.#generation === 0 ? {} : { generation: this.#generation }), segments }
  }

  /** The JSON that was archived under a row. */
  read({ id, segment, offset, length }: ArchiveRow): string {
    const file = this.#segments.get(segment)?.file
    const data = file === undefined ? undefined : readWhole(file, offset, length)
    if (data === undefined) throw broken(`job ${id} is not where the index says`)
    return data.toString('utf8')
  }

  /** Writes jobs; `sync` makes them durable. All of them or none. */
  add(jobs: readonly { readonly row: Omit<ArchiveRow, 'segment' | 'offset' | 'length'>; readonly body: string }[]): ArchiveRow[] {
    const [length, lines] = [this.#indexLength, this.#indexLines]
    const rows: ArchiveRow[] = []
    try {
      for (const { row, body } of jobs) rows.push(this.#put(row, Buffer.from(`${body}\n`)))
      return rows
    } catch (error) {
      // Those that were written are taken back: their jobs stay where they were.
      for (const { id } of rows) this.#note({ dropped: id })
      this.#indexLength = length
      this.#indexLines = lines
      throw error
    }
  }

  /** A job is deleted, or lives again. */
  drop(id: string): void {
    if (this.#rows.has(id)) this.#write({ dropped: id })
  }

  /** Whether there is enough of nothing in it that `compact` would give room back. */
  get isWasteful(): boolean {
    return this.#isIndexWasteful || [...this.#segments.keys()].some((segment) => this.#isSegmentWasteful(segment))
  }

  /**
   * Writes anew what is mostly made of dropped jobs, so many bytes of it; `sweep` then gives the room back. Each job that has moved
   * is told at once, for its old place goes away.
   */
  compact(onMoved: (row: ArchiveRow) => void, mostBytes = this.#segmentBytes): void {
    const wasteful = new Set([...this.#segments.keys()].filter((segment) => this.#isSegmentWasteful(segment)))
    if (wasteful.has(this.#current)) this.#beginSegment()
    let moved = 0
    for (const row of wasteful.size === 0 ? [] : [...this.#rows.values()]) {
      if (!wasteful.has(row.segment)) continue
      onMoved(this.#put(row, Buffer.from(`${this.read(row)}\n`)))
      moved += row.length
      if (moved > mostBytes) break
    }
    if (this.#isIndexWasteful) this.#renewIndex()
  }

  sync(): void {
    for (const file of this.#written) fsyncSync(file)
  }

  /** As `sync`, while others go on. */
  async flush(): Promise<void> {
    await Promise.all(this.#written.map((file) => promisify(fsync)(file)))
  }

  /** Deletes files that hold nothing any more; to be called when the checkpoint that still named them has been replaced. */
  sweep(): void {
    for (const [segment, { jobs, file }] of this.#segments) {
      if (segment === this.#current || jobs > 0) continue
      if (file !== undefined) closeSync(file)
      this.#segments.delete(segment)
      this.#remove(segmentFile(segment))
    }
    for (const file of readdirSync(this.#directory)) if (/^index.*\.jsonl$/.test(file) && file !== indexFile(this.#generation)) this.#remove(file)
  }

  close(): void {
    for (const file of [...[...this.#segments.values()].map(({ file }) => file), this.#index]) if (file !== undefined) closeSync(file)
    for (const segment of this.#segments.values()) segment.file = undefined
    this.#index = undefined
  }

  /** What may be written to since the last sync. */
  get #written(): readonly number[] {
    return [this.#segments.get(this.#current)?.file, this.#index].filter((file) => file !== undefined)
  }

  get #isIndexWasteful(): boolean {
    return this.#indexLines > 2 * this.#rows.size + spareLines
  }

  /** One without any job needs nothing but the sweep, unless it is the one that is written to. */
  #isSegmentWasteful(number: number): boolean {
    const { length, jobs, bytes } = this.#segments.get(number) ?? { length: 0, jobs: 0, bytes: 0 }
    return (jobs > 0 || number === this.#current) && 2 * bytes < length && length > this.#segmentBytes / 64
  }

  /** Whatever is in the one so far may be part of what the next checkpoint names. */
  #beginSegment(): void {
    this.sync()
    this.#current += 1
  }

  #put({ id, name, namespace, state, labels, created, modified }: Omit<ArchiveRow, 'segment' | 'offset' | 'length'>, data: Buffer): ArchiveRow {
    const [number, segment] = this.#segmentFor(data.length)
    const offset = segment.length
    writeWhole(segment.file, data, offset)
    segment.length += data.length
    const whole: ArchiveRow = { id, name, namespace, state, labels, created, modified, segment: number, offset, length: data.length - 1 }
    this.#write(whole)
    return whole
  }

  #write(line: IndexLine): void {
    const data = Buffer.from(`${JSON.stringify(line)}\n`)
    writeWhole(this.#index, data, this.#indexLength)
    this.#indexLength += data.length
    this.#indexLines += 1
    this.#note(line)
  }

  #note(line: IndexLine): void {
    const id = 'dropped' in line ? line.dropped : line.id
    const before = this.#rows.get(id)
    if (before !== undefined) this.#count(before, -1)
    if ('dropped' in line) return void this.#rows.delete(id)
    this.#rows.set(id, line)
    this.#count(line, 1)
  }

  #count({ segment, length }: ArchiveRow, sign: 1 | -1): void {
    const one = this.#segments.get(segment)
    if (one === undefined) return
    one.jobs += sign
    one.bytes += sign * (length + 1)
  }

  #segmentFor(bytes: number): readonly [number, Segment] {
    const used = this.#segments.get(this.#current)?.length ?? 0
    if (used > 0 && used + bytes > this.#segmentBytes) this.#beginSegment()
    let segment = this.#segments.get(this.#current)
    if (segment === undefined) {
      segment = { length: 0, jobs: 0, bytes: 0, file: this.#create(segmentFile(this.#current)) }
      this.#segments.set(this.#current, segment)
    }
    return [this.#current, segment]
  }

  /** The same rows in a file of their own; the old one stays until the next sweep. */
  #renewIndex(): void {
    const generation = this.#generation + 1
    const data = Buffer.from([...this.#rows.values()].map((row) => `${JSON.stringify(row)}\n`).join(''))
    const file = this.#create(indexFile(generation))
    try {
      writeWhole(file, data, 0)
    } catch (error) {
      closeSync(file)
      this.#remove(indexFile(generation))
      throw error
    }
    if (this.#index !== undefined) closeSync(this.#index)
    this.#index = file
    this.#generation = generation
    this.#indexLength = data.length
    this.#indexLines = this.#rows.size
  }

  #readIndex(file: number): void {
    const data = readWhole(file, 0, this.#indexLength)
    if (data === undefined) throw broken('its index is shorter than it was')
    for (let from = 0, to = data.indexOf(10); to >= 0; from = to + 1, to = data.indexOf(10, from)) {
      this.#note(parseLine(data.toString('utf8', from, to)))
      this.#indexLines += 1
    }
  }

  #create(file: string): number {
    return openSync(join(this.#directory, file), 'w+', 0o600)
  }

  #remove(file: string): void {
    rmSync(join(this.#directory, file), { force: true })
  }

  #openAt(file: string, length: number): number {
    const path = join(this.#directory, file)
    if (!existsSync(path)) throw broken(`${file} is missing`)
    const handle = openSync(path, 'r+')
    if (length === 0 || readWhole(handle, length - 1, 1) !== undefined) return handle
    closeSync(handle)
    throw broken(`${file} is shorter than ${String(length)} bytes`)
  }
}

function parseLine(text: string): IndexLine {
  try {
    const line = JSON.parse(text) as IndexLine
    // Most jobs are named after their id: one text is enough for both.
    return 'name' in line && line.name === line.id ? { ...line, name: line.id } : line
  } catch {
    throw broken('a line of its index is damaged')
  }
}

function broken(reason: string): AppError {
  return new AppError('archive.broken', `The archive of ended jobs cannot be read: ${reason}.`, {
    hint: 'Restore the data directory from a backup, or start with an empty one.',
  })
}
