import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError, toFailure } from '../../../shared/errors'
import type { Evaluation } from '../../../shared/models/evaluation'
import type { LedgerEnd } from '../../ledger/ledger'
import type { MessageNumbers } from '../dispatch/message-index'
import { nodeChangeSchema } from '../node-changes'
import type { NodeChange } from '../node-changes'
import type { DeadLetter } from '../scheduling/plan'
import type { JobBody } from './archived-record'
import type { ArchiveLengths } from './job-archive'
import { writeWhole } from './whole-writes'

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
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
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

/** Puts a checkpoint in the place of the one before, whole or not at all. */
export function writeCheckpoint(directory: string, checkpoint: Checkpoint): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, fileName)
  const fresh = `${path}.new`
  const data = Buffer.from(JSON.stringify({ v: formatVersion, ...checkpoint }))
  try {
    const file = openSync(fresh, 'w', 0o600)
    try {
      writeWhole(file, data, 0)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  syncDirectory(directory)
}

function syncDirectory(directory: string): void {
  // Windows cannot open directories, and needs no such thing.
  if (process.platform === 'win32') return
  const handle = openSync(directory, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function broken(reason: string): AppError {
  return new AppError('checkpoint.broken', `The stored state of jobs and nodes cannot be read: ${reason}.`, {
    hint: 'Start the version of Shoal that wrote it, or restore the data directory from a backup.',
  })
}
