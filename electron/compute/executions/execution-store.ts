import { toFailure } from '../../../shared/errors'
import { brokenLedger } from '../../ledger/batch'
import type { LevelLedger } from '../../ledger/level-ledger'
import type { Logger } from '../../log/logger'
import type { OutgoingEntry } from '../connection/outgoing'
import { changesOf, type ExecutionChange, ExecutionFold, type StoredExecution } from './execution-fold'

/** What a node keeps about executions: in memory at once, on disk when `commit` says so. */
export interface ExecutionStore {
  readonly executions: ReadonlyMap<string, StoredExecution>
  readonly outgoing: readonly OutgoingEntry[]
  readonly position: number
  /** The number of the next outgoing message. */
  nextSequence(): number
  /** Changes the state now; it reaches the disk with the next commit, or by itself a little later. */
  hold(...changes: readonly ExecutionChange[]): void
  /** Changes the state now; resolves when that, and all before it, is durable. Rejects with `ledger.full` and its like: memory is then ahead of the disk until a later commit succeeds. */
  commit(...changes: readonly ExecutionChange[]): Promise<void>
  close(): Promise<void>
}

interface ExecutionStoreOptions {
  readonly ledger: LevelLedger
  readonly log: Logger
  /** After so many records what is still needed is written anew and all before it is dropped. */
  readonly compactAfter?: number
}

const HOLD_MS = 250
const COMPACT_AFTER = 4000
/** One record of a snapshot: small enough for the ledger, whatever one execution weighs. */
const SNAPSHOT_CHANGES = 20

/** Reads what the ledger holds. Rejects with `ledger.broken`. */
export async function openExecutionStore({ ledger, log, compactAfter = COMPACT_AFTER }: ExecutionStoreOptions): Promise<ExecutionStore> {
  const fold = new ExecutionFold()
  let records = 0
  await ledger.replay((record, sequence) => {
    const changes = changesOf(record)
    if (changes === undefined) throw brokenLedger(`record ${sequence} of the node's executions holds no changes`)
    for (const change of changes) fold.apply(change)
    records += 1
  })
  let held: ExecutionChange[] = []
  let timer: NodeJS.Timeout | undefined
  let given = fold.counter
  /** After a refusal of the ledger: the disk lacks what memory has. */
  let behind = false

  const flush = (): void => {
    timer = undefined
    if (held.length === 0) return
    records += 1
    ledger.note({ changes: held })
    held = []
  }

  /** In one turn, so that nothing comes between: after this, what was before is not needed. */
  const writeAnew = async (): Promise<void> => {
    const all = fold.snapshot()
    const parts: Promise<number>[] = []
    for (let at = 0; at < all.length; at += SNAPSHOT_CHANGES) parts.push(ledger.append({ changes: all.slice(at, at + SNAPSHOT_CHANGES) }))
    records = parts.length
    const [first] = await Promise.all(parts)
    if (first !== undefined) await ledger.trim(first)
  }

  const compact = (): void => {
    if (records < Math.max(compactAfter, fold.executions.size / SNAPSHOT_CHANGES + compactAfter / 2)) return
    writeAnew().catch((error: unknown) => log.warn('The executions of this node could not be written anew; that is tried again.', { error }))
  }

  const apply = (changes: readonly ExecutionChange[]): void => {
    for (const change of changes) fold.apply(change)
    held.push(...changes)
  }

  return {
    executions: fold.executions,
    get outgoing() {
      return [...fold.outgoing].map(([sequence, outgoing]) => ({ sequence, outgoing }))
    },
    get position() {
      return fold.position
    },
    nextSequence: () => (given += 1),
    hold: (...changes) => {
      apply(changes)
      timer ??= setTimeout(flush, HOLD_MS)
    },
    commit: async (...changes) => {
      apply(changes)
      const record = { changes: held }
      held = []
      records += 1
      try {
        if (behind) {
          behind = false
          await writeAnew()
        } else await ledger.append(record)
        compact()
      } catch (error) {
        behind = true
        log.error('An execution of this node could not be stored.', { reason: toFailure(error).message })
        throw error
      }
    },
    close: async () => {
      clearTimeout(timer)
      flush()
      await ledger.close()
    },
  }
}
