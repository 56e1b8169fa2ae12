/** What has happened since the last checkpoint (or since the start, where that is later). */
interface SinceCheckpoint {
  /** Records that the ledger holds behind it, and their bytes. */
  readonly records: number
  readonly bytes: number
  /** Records since the last look at this. */
  readonly news: number
  /** Archived jobs that were deleted or live again: their room is given back with the next one. */
  readonly thawed: number
  readonly ageMs: number
  /** Jobs that are not in the archive, so that the next one has to hold them. */
  readonly whole: number
}

/** From what on another checkpoint is due: a single one of them is enough. */
export interface CheckpointLimits {
  readonly records: number
  readonly bytes: number
  /** When nothing happens at the moment, so many are enough: then it disturbs nobody. */
  readonly quietRecords: number
  readonly thawed: number
  readonly ageMs: number
}

/** So much is read again in a small part of a second at a start, and nats-server holds little of it in memory. */
export const usualCheckpointLimits: CheckpointLimits = {
  records: 3000,
  bytes: 16 * 1024 * 1024,
  quietRecords: 500,
  thawed: 1000,
  ageMs: 3_600_000,
}

/**
 * Whether another checkpoint is worth its price: a start has to read all that lies behind the last one. It costs what it has to hold, so
 * that many open jobs make it rarer: never is more written for it than has happened since the last one.
 */
export function isCheckpointDue({ records, bytes, news, thawed, ageMs, whole }: SinceCheckpoint, limits: CheckpointLimits): boolean {
  if (records === 0) return false
  return (
    records >= limits.records + whole ||
    bytes >= limits.bytes ||
    (records >= limits.quietRecords + whole && news === 0) ||
    thawed >= limits.thawed ||
    ageMs >= limits.ageMs
  )
}
