import { AppError, toFailure } from '../../shared/errors'
import type { Failure } from '../../shared/errors'
import type { Ledger } from '../ledger/ledger'
import { nodeRecordSchema } from './node-changes'
import type { NodeChange } from './node-changes'
import type { Registry } from './registry'

export interface Journal {
  /**
   * Resolves when the changes are durable and in the registry; none at all is done at once. Rejects as `Ledger.append` does, and
   * then nothing has changed. The ledger stores what comes at the same time together, so that many cost hardly more than one.
   */
  commit(changes: readonly NodeChange[]): Promise<void>
  /** Resolves with the reason when nothing can be written any more, whatever happens: another orchestrator has the ledger, or it is gone. */
  readonly over: Promise<Failure>
}

const endings = ['ledger.fenced', 'ledger.lost']

/** Writes to the ledger first and to the registry then: the registry is never ahead of what a restart would find. */
export function createJournal(ledger: Pick<Ledger, 'append'>, registry: Registry): Journal {
  let end: (failure: Failure) => void
  const over = new Promise<Failure>((resolve) => (end = resolve))
  return {
    over,
    commit: async (changes) => {
      if (changes.length === 0) return
      try {
        await ledger.append({ changes })
      } catch (error) {
        if (error instanceof AppError && endings.includes(error.code)) end(toFailure(error))
        throw error
      }
      for (const change of changes) registry.apply(change)
    },
  }
}

/**
 * Folds everything that the ledger holds into the registry.
 * @throws AppError `ledger.broken`
 */
export async function replayJournal(ledger: Pick<Ledger, 'replay'>, registry: Registry): Promise<void> {
  await ledger.replay((record, sequence) => {
    const read = nodeRecordSchema.safeParse(record)
    if (!read.success) {
      throw new AppError('ledger.broken', `Record ${String(sequence)} of the stored state is none that this version knows.`, {
        hint: 'Start the version of Shoal that wrote it, or restore the data directory from a backup.',
      })
    }
    for (const change of read.data.changes) registry.apply(change)
  })
}
