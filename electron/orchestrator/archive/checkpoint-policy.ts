/** What has happened since the last checkpoint (or since the start, where that is later). */
export interface SinceCheckpoint {
  /** Records that the ledger holds behind it, and their bytes. */
  readonly records: number
  readonly bytes: number
  /** Records since the last look at this. */
  readonly news: number
  /** Archived jobs that were deleted or live again: their room is given back with the next one. */
  readonly thawed: number
  readonly ageMs: number
}

export interface CheckpointLimits {
  readonly records: number
  readonly bytes: number
  /** When nothing happens at the moment, so many are enough: then it disturbs nobody. */
  readonly quietRecords: number
  readonly thawed: number
  readonly ageMs: number
}

/** So much is read again in about a second at a start. */
export const usualCheckpointLimits: CheckpointLimits = {
  records: 20_000,
  bytes: 64 * 1024 * 1024,
  quietRecords: 2000,
  thawed: 1000,
  ageMs: 3_600_000,
}

/** Whether another checkpoint is worth its price: a start has to read all that lies behind the last one. */
export function isCheckpointDue({ records, bytes, news, thawed, ageMs }: SinceCheckpoint, limits: CheckpointLimits): boolean {
  if (records === 0) return false
  return (
    records >= limits.records ||
    bytes >= limits.bytes ||
    (records >= limits.quietRecords && news === 0) ||
    thawed >= limits.thawed ||
    ageMs >= limits.ageMs
  )
}
