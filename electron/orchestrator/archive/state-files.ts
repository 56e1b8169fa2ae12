import { join } from 'node:path'
import { readCheckpoint, writeCheckpoint } from './checkpoint'
import type { Checkpoint, CheckpointSource } from './checkpoint'
import { JobArchive } from './job-archive'
import type { ArchiveLengths } from './job-archive'

/** Ended jobs, wherever they are kept. */
export type Archive = Pick<
  JobArchive,
  'claim' | 'rows' | 'lengths' | 'read' | 'add' | 'drop' | 'isWasteful' | 'compact' | 'flush' | 'sweep' | 'close'
>

/** What is kept of jobs beside the ledger. */
export interface StateFiles {
  /** @throws AppError `checkpoint.broken` */
  readCheckpoint(): Checkpoint | undefined
  /**
   * Puts a checkpoint in the place of the one before, whole or not at all; reads its parts little by little.
   * @throws AppError `checkpoint.outdated` when `mayCount` says no at the last moment
   */
  writeCheckpoint(checkpoint: CheckpointSource, mayCount: () => boolean): Promise<void>
  /** @throws AppError `archive.broken` when less is there than the checkpoint knows */
  openArchive(known: ArchiveLengths | undefined): Archive
}

/** @param segmentBytes of the archive's files; its usual size unless told */
export function stateFilesIn(directory: string, segmentBytes?: number): StateFiles {
  return {
    readCheckpoint: () => readCheckpoint(directory),
    writeCheckpoint: (checkpoint, mayCount) => writeCheckpoint(directory, checkpoint, mayCount),
    openArchive: (known) => new JobArchive(join(directory, 'archive'), known, segmentBytes),
  }
}
