import { AppError, toFailure } from '../../../shared/errors'
import type { Failure } from '../../../shared/errors'
import type { Ledger } from '../../ledger/ledger'
import { nodeRecordSchema } from './node-changes'
import type { NodeChange } from './node-changes'
import type { Registry } from './registry'

/** Where changes to nodes are written down. */
export interface Journal {
  /**
   * Resolves when the changes are durable and in the registry; none at all is done at once. Rejects as `Ledger.append` does, and
   * then nothing has changed. The ledger stores what comes at the same time together, so that many cost hardly more than one.
   */
  commit(changes: readonly NodeChange[]): Promise<void>
  /** Stores a record of something else; resolves with its number once it is durable. */
  append(record: unknown): Promise<number>
  /** Resolves with the reason when nothing can be written any more, whatever happens: another orchestrator has the ledger, or it is gone. */
  readonly over: Promise<Failure>
}

const endings = ['ledger.fenced', 'ledger.lost']

/** Writes to the ledger first and to the registry then: the registry is never ahead of what a restart would find. */
export function createJournal(ledger: Pick<Ledger, 'append'>, registry: Registry): Journal {
  let end: (failure: Failure) => void
  const over = new Promise<Failure>((resolve) => (end = resolve))
  const append = async (record: unknown): Promise<number> => {
    try {
      return await ledger.append(record)
    } catch (error) {
      if (error instanceof AppError && endings.includes(error.code)) end(toFailure(error))
      throw error
    }
  }
  return {
    over,
    append,
    commit: async (changes) => {
      if (changes.length === 0) return
      await append({ changes })
      for (const change of changes) registry.apply(change)
    },
  }
}

/**
 * Folds everything that the ledger holds of nodes into the registry; `others` takes records of other things, or says no to them.
 * @throws AppError `ledger.broken`
 */
export async function replayJournal(
  ledger: Pick<Ledger, 'replay'>,
  registry: Registry,
  others: (record: unknown, sequence: number) => boolean = () => false,
): Promise<void> {
  await ledger.replay((record, sequence) => {
    if (others(record, sequence)) return
    const read = nodeRecordSchema.safeParse(record)
    if (!read.success) {
      throw new AppError('ledger.broken', `Record ${String(sequence)} of the stored state is none that this version knows.`, {
        hint: 'Start the version of Shoal that wrote it, or restore the data directory from a backup.',
      })
    }
    for (const change of read.data.changes) registry.apply(change)
  })
}
