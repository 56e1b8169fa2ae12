import { AppError, toFailure } from '../../shared/errors'

/** Records that are stored together, with one sync of the disk: all of them or none. */
interface Batch {
  /** Sequence of the first record. */
  readonly first: number
  readonly records: readonly unknown[]
}

const formatVersion = 1
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Bytes around the records of a batch, at most. */
export const batchOverhead = 128

/** `records` are JSON texts. The writer's id and the sequence make the bytes of every batch unlike those of any other. */
export function encodeBatch(writer: string, first: number, records: readonly string[]): Uint8Array {
  return encoder.encode(`{"v":${formatVersion},"writer":${JSON.stringify(writer)},"first":${first},"records":[${records.join(',')}]}`)
}

/** Throws `ledger.newer-version` or `ledger.broken`. */
export function decodeBatch(data: Uint8Array): Batch {
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(data))
  } catch (error) {
    throw brokenLedger(toFailure(error).message)
  }
  if (typeof value !== 'object' || value === null) throw brokenLedger('a batch is not an object')
  const version = 'v' in value ? value.v : undefined
  if (typeof version === 'number' && version > formatVersion) {
    throw new AppError(
      'ledger.newer-version',
      `The state was written by a newer version of Shoal (format ${version}, this one reads ${formatVersion}).`,
      {
        hint: 'Start the newer version, or use another data directory.',
      },
    )
  }
  // By hand: at a start this is done for every stored message.
  const first = 'first' in value ? value.first : undefined
  const records: unknown = 'records' in value ? value.records : undefined
  if (typeof first !== 'number' || !Number.isSafeInteger(first) || first < 1) throw brokenLedger('a batch has no sequence')
  if (!Array.isArray(records) || records.length === 0) throw brokenLedger('a batch holds no records')
  return { first, records }
}

/** A stored record cannot be read: the data is damaged, or not ours. */
export function brokenLedger(reason: string): AppError {
  return new AppError('ledger.broken', `The stored state cannot be read: ${reason}.`, {
    hint: 'Restore the data directory from a backup, or start with an empty one.',
  })
}

/** How many of the waiting records (their sizes in bytes, in order) go into the next batch: as many as fit, at least one. */
export function batchLength(sizes: readonly number[], maxBytes: number, maxRecords: number): number {
  let bytes = 0
  for (const [index, size] of sizes.entries()) {
    bytes += size + 1
    if (index > 0 && (bytes > maxBytes || index >= maxRecords)) return index
  }
  return sizes.length
}
