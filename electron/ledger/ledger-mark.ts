import { readFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { z } from 'zod'
import { AppError, toFailure } from '../../shared/errors'
import { isMissing } from '../../shared/system-error'
import type { TransportLog } from '../transport/log'
import type { LedgerEnd } from './ledger'

const markSchema = z.object({ streamSequence: z.number().int().positive(), sequence: z.number().int().positive() })

/** How long a record may be stored before the mark tells of it. Milliseconds. */
const usualDelayMs = 1000

/**
 * Where a ledger ended when the mark was last written: at least so much has been acknowledged. nats-server cuts off the end of a stream
 * that is damaged and says nothing; only something beside the stream can tell.
 * @returns undefined when none was ever written @throws AppError `ledger.broken`
 */
export function readLedgerMark(file: string): LedgerEnd | undefined {
  try {
    return markSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new AppError('ledger.broken', `The mark of the stored state cannot be read (${file}): ${toFailure(error).message}.`, {
      hint: 'Restore the data directory from a backup; or move this one file away, which gives up the check that no state is missing.',
    })
  }
}

/** Checks the end of a stream against its mark. @throws AppError `ledger.lost` */
export function checkAgainstMark(end: LedgerEnd, mark: LedgerEnd | undefined, file: string): void {
  if (mark === undefined || (end.sequence >= mark.sequence && end.streamSequence >= mark.streamSequence)) return
  throw lostBeforeStart(`the stream ends at record ${String(end.sequence)}, and record ${String(mark.sequence)} had been stored`, file)
}

/** What had been stored is not there at a start. */
export function lostBeforeStart(reason: string, file: string): AppError {
  return new AppError('ledger.lost', `State that had been stored is missing: ${reason}.`, {
    hint: `Nothing was changed. Restore the data directory from a backup; or, to go on with what is left, move ${file} away and start again.`,
  })
}

/** Keeps the mark of one ledger. */
export interface LedgerMarkWriter {
  /** The ledger ends there now; written down soon. */
  note(end: LedgerEnd): void
  /** Writes down what was noted last. */
  close(): Promise<void>
}

/** Keeps the mark of a ledger up to date, a little behind it. A mark that cannot be written is tried again with the next record. */
export function writeLedgerMark(file: string, log: TransportLog, delayMs = usualDelayMs): LedgerMarkWriter {
  let noted: LedgerEnd | undefined
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const end = noted
    noted = undefined
    if (end === undefined) return writing
    writing = writing
      .then(() => replaceDurably(file, JSON.stringify(end)))
      .catch((error: unknown) => {
        log.warn('The mark of the ledger could not be written', { error: toFailure(error).message })
      })
    return writing
  }
  return {
    note: (end) => {
      noted = end
      if (timer !== undefined) return
      timer = setTimeout(() => void write(), delayMs)
      timer.unref()
    },
    close: write,
  }
}

/** Puts a text in the place of a file, whole or not at all. */
async function replaceDurably(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`
  try {
    const handle = await open(fresh, 'w', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
}
