import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError, toFailure } from '../../../shared/errors'
import type { Evaluation } from '../../../shared/models/evaluation'
import { isMissing } from '../../../shared/system-error'
import type { LedgerEnd } from '../../ledger/ledger'
import type { MessageNumbers } from '../dispatch/message-index'
import { nodeChangeSchema } from '../nodes/node-changes'
import type { NodeChange } from '../nodes/node-changes'
import type { DeadLetter } from '../scheduling/plan'
import type { JobBody } from './archived-record'
import type { ArchiveLengths } from './job-archive'

/** All that a part of the ledger led to, so that this part may be dropped. */
export interface Checkpoint {
  readonly position: LedgerEnd
  /** Changes that lead to the nodes as they were. */
  readonly nodes: readonly NodeChange[]
  readonly archive: ArchiveLengths
  /** Jobs that are not in the archive. */
  readonly jobs: readonly JobBody[]
  readonly evaluations: readonly Evaluation[]
  readonly deadLetters: readonly DeadLetter[]
  readonly messages: readonly (readonly [string, MessageNumbers])[]
}

/** What a checkpoint is written from; each part is read once, in this order. */
export interface CheckpointSource extends Omit<Checkpoint, 'jobs' | 'messages'> {
  readonly jobs: Iterable<JobBody>
  readonly messages: Iterable<readonly [string, MessageNumbers]>
}

const fileName = 'checkpoint.json'
const formatVersion = 1

/** What is ours is read as it was written; only what the rest hangs on is checked. */
const checkpointSchema = z.looseObject({
  v: z.literal(formatVersion),
  position: z.object({ streamSequence: z.number(), sequence: z.number() }),
  nodes: z.array(nodeChangeSchema),
  archive: z.object({ index: z.number(), generation: z.number().optional(), segments: z.record(z.string(), z.number()) }),
  jobs: z.array(z.looseObject({ versions: z.array(z.unknown()).min(1) })),
  evaluations: z.array(z.unknown()),
  deadLetters: z.array(z.unknown()),
  messages: z.array(z.unknown()),
})

/** The newest checkpoint; `undefined` when none was ever made. @throws AppError `checkpoint.broken` */
export function readCheckpoint(directory: string): Checkpoint | undefined {
  let text: string
  try {
    text = readFileSync(join(directory, fileName), 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw broken(toFailure(error).message)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw broken(toFailure(error).message)
  }
  const read = checkpointSchema.safeParse(value)
  if (!read.success) throw broken(read.error.issues[0]?.message ?? 'its form is unknown')
  return read.data as unknown as Checkpoint
}

/** So many characters are written in one go: others get their turn in between. */
const sliceLength = 256 * 1024

/**
 * Puts a checkpoint in the place of the one before, whole or not at all. Its parts are read as they are written, a slice in one turn: what
 * they yield has to be as it was at one moment.
 * @param mayCount asked at the last moment: whether the archive and the ledger are still those that it tells of
 * @throws AppError `checkpoint.outdated` when they are not, and what the disk refuses
 */
export async function writeCheckpoint(directory: string, checkpoint: CheckpointSource, mayCount: () => boolean = () => true): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, fileName)
  const fresh = `${path}.new`
  try {
    const file = await open(fresh, 'w', 0o600)
    try {
      for (const slice of slicesOf(checkpoint)) await file.writeFile(slice)
      await file.sync()
    } finally {
      await file.close()
    }
    if (!mayCount()) throw outdatedCheckpoint()
    // In the same turn as the question.
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  await syncDirectory(directory)
}

/** The state was read anew while a checkpoint of the earlier one was made. */
export function outdatedCheckpoint(): AppError {
  return new AppError('checkpoint.outdated', 'The state of jobs was read again while it was put down; what was put down does not count.')
}

function* slicesOf(checkpoint: CheckpointSource): Iterable<string> {
  let slice = ''
  for (const piece of piecesOf(checkpoint)) {
    slice += piece
    if (slice.length < sliceLength) continue
    yield slice
    slice = ''
  }
  yield slice
}

function* piecesOf({ position, nodes, archive, jobs, evaluations, deadLetters, messages }: CheckpointSource): Iterable<string> {
  yield `{"v":${String(formatVersion)},"position":${JSON.stringify(position)},"archive":${JSON.stringify(archive)}`
  // Messages come last: they are those of the jobs that have been read.
  for (const [key, items] of Object.entries({ nodes, jobs, evaluations, deadLetters, messages })) yield* listed(key, items)
  yield '}'
}

function* listed(key: string, items: Iterable<unknown>): Iterable<string> {
  yield `,${JSON.stringify(key)}:[`
  let separator = ''
  for (const item of items) {
    yield `${separator}${JSON.stringify(item)}`
    separator = ','
  }
  yield ']'
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open directories, and needs no such thing.
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function broken(reason: string): AppError {
  return new AppError('checkpoint.broken', `The stored state of jobs and nodes cannot be read: ${reason}.`, {
    hint: 'Start the version of Shoal that wrote it, or restore the data directory from a backup.',
  })
}
