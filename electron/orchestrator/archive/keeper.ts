import type { LedgerEnd, TrimmableLedger } from '../../ledger/ledger'
import type { Logger } from '../../log/logger'
import type { MessageIndex } from '../dispatch/message-index'
import type { JobCore } from '../jobs/job-core'
import type { JobRecord, JobState } from '../jobs/job-state'
import type { NodeChange } from '../node-changes'
import type { ReadonlyRegistry } from '../registry'
import { ArchivedRecord, bodyOf, createLoader, rowOf } from './archived-record'
import type { Checkpoint } from './checkpoint'
import type { CheckpointLimits } from './checkpoint-policy'
import { isCheckpointDue, usualCheckpointLimits } from './checkpoint-policy'
import { outlived } from './retention'
import type { RetentionLimits } from './retention'
import type { Archive, StateFiles } from './state-files'

/** How often, and how much. What is left out has its default. */
export interface KeepingPace {
  readonly everyMs?: number
  /** Ended jobs that stay in memory. */
  readonly keptWhole?: number
  readonly checkpoints?: CheckpointLimits
}

export interface KeeperOptions extends KeepingPace {
  readonly files: StateFiles
  readonly archive: () => Archive
  readonly ledger: TrimmableLedger
  readonly core: JobCore
  readonly state: () => JobState
  readonly messages: () => MessageIndex
  readonly registry: ReadonlyRegistry
  /** Whether no node needs to be told anything about this job any more. */
  readonly isSettled: (record: JobRecord) => boolean
  readonly retention: () => RetentionLimits
  readonly now: () => number
  readonly log: Logger
}

/** So many jobs are archived, or dropped, in one go. */
const mostAtOnce = 500
/** After a round that failed, most likely for want of room, the next one comes later and later; no later than this. Milliseconds. */
const longestWaitMs = 60_000

/** Keeps the stored state small: ended jobs go to the archive and after their time away, and the ledger starts behind the last checkpoint. */
export class Keeper {
  readonly #options: Required<KeeperOptions>
  readonly #load
  #lastCheckpoint: number
  #lastBytes = 0
  #lastAt: number
  #looked: number
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(options: KeeperOptions, lastCheckpoint: number) {
    this.#options = { everyMs: 5000, keptWhole: 1000, checkpoints: usualCheckpointLimits, ...options }
    this.#load = createLoader((row) => options.archive().read(row))
    this.#lastCheckpoint = lastCheckpoint
    this.#lastAt = options.now()
    this.#looked = lastCheckpoint
    this.#later()
  }

  /** One round; those that come while one is under way are that one. */
  round(): Promise<void> {
    this.#running ??= this.#round()
      .then(() => {
        this.#failures = 0
      })
      .catch((error: unknown) => {
        this.#failures += 1
        this.#options.log.warn('Ended jobs could not be put away; it is tried again', { error })
      })
      .finally(() => (this.#running = undefined))
    return this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #later(): void {
    if (this.#stopped) return
    const waitMs = Math.min(Math.max(longestWaitMs, this.#options.everyMs), this.#options.everyMs * 2 ** this.#failures)
    this.#timer = setTimeout(() => void this.round().then(() => this.#later()), waitMs)
    this.#timer.unref()
  }

  async #round(): Promise<void> {
    const { core, ledger, retention, now } = this.#options
    if (core.refusal !== undefined) return
    const old = outlived(core.state, retention(), now())
    for (let at = 0; at < old.length && !this.#stopped; at += mostAtOnce) {
      await core.change(old.slice(at, at + mostAtOnce).map((id) => ({ drop: 'job', id }) as const))
    }
    if (this.#stopped || !this.#isDue()) return
    const position = await core.whileStill(() => this.#checkpoint())
    await ledger.trim(position)
    this.#options.archive().sweep()
  }

  #isDue(): boolean {
    const { checkpoints, ledger, now, state } = this.#options
    const { sequence } = ledger.position
    const news = sequence - this.#looked
    this.#looked = sequence
    return isCheckpointDue(
      {
        records: sequence - this.#lastCheckpoint,
        bytes: ledger.bytes - this.#lastBytes,
        news,
        thawed: state().thawed.size,
        ageMs: now() - this.#lastAt,
      },
      checkpoints,
    )
  }

  /** Memory is exactly what is stored while this runs. */
  #checkpoint(): LedgerEnd {
    const { files, ledger, log, messages, registry } = this.#options
    const archive = this.#options.archive()
    const began = performance.now()
    const state = this.#options.state()
    this.#archiveEnded(state)
    if (archive.isWasteful) archive.compact((row) => state.archive(new ArchivedRecord(row, this.#load)))
    archive.sync()
    const { position } = ledger
    const index = messages()
    const jobs = [...state.open, ...state.ended].flatMap((id) => state.job(id) ?? [])
    const checkpoint: Checkpoint = {
      position,
      nodes: nodeChanges(registry),
      archive: archive.lengths,
      jobs: jobs.map(bodyOf),
      evaluations: [...state.evaluations.values()],
      deadLetters: [...state.deadLetters.values()],
      messages: jobs.flatMap(({ executions }) => [...executions.keys()].flatMap((id) => numbersOf(index, id))),
    }
    files.writeCheckpoint(checkpoint)
    this.#lastCheckpoint = position.sequence
    this.#lastBytes = ledger.bytes
    this.#lastAt = this.#options.now()
    log.info('The state of jobs was put down', {
      records: position.sequence,
      whole: jobs.length,
      archived: archive.rows.size,
      ms: Math.round(performance.now() - began),
    })
    return position
  }

  #archiveEnded(state: JobState): void {
    const { isSettled, keptWhole, messages } = this.#options
    const archive = this.#options.archive()
    for (const id of state.thawed) archive.drop(id)
    state.thawed.clear()
    const excess = [...state.ended].slice(0, Math.max(0, state.ended.size - keptWhole))
    const records = excess.flatMap((id) => state.job(id) ?? []).filter(isSettled)
    const index = messages()
    const rows = archive.add(records.map((record) => ({ row: rowOf(record), body: JSON.stringify(bodyOf(record)) })))
    for (const row of rows) {
      for (const execution of state.job(row.id)?.executions.keys() ?? []) index.forget(execution)
      state.archive(new ArchivedRecord(row, this.#load))
    }
  }
}

function numbersOf(index: MessageIndex, executionId: string): Checkpoint['messages'] {
  const numbers = index.get(executionId)
  return numbers === undefined ? [] : [[executionId, numbers]]
}

function nodeChanges(registry: ReadonlyRegistry): NodeChange[] {
  return [...registry.entries()].flatMap(([id, { info, membership, registeredAt, seen }]): NodeChange[] => [
    { kind: 'node.registered', at: registeredAt, info, membership },
    ...(seen === undefined ? [] : [{ kind: 'node.seen', at: registeredAt, id, seen } as const]),
  ])
}
