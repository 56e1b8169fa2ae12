import type { LedgerEnd, TrimmableLedger } from '../../ledger/ledger'
import type { Logger } from '../../log/logger'
import type { MessageIndex } from '../dispatch/message-index'
import type { JobCore } from '../jobs/job-core'
import type { JobRecord, JobState } from '../jobs/job-state'
import type { NodeChange } from '../nodes/node-changes'
import type { ReadonlyRegistry } from '../nodes/registry'
import { createLoader } from './archived-record'
import { outdatedCheckpoint } from './checkpoint'
import type { CheckpointSource } from './checkpoint'
import type { CheckpointLimits } from './checkpoint-policy'
import { isCheckpointDue, usualCheckpointLimits } from './checkpoint-policy'
import { compactArchive, dropThawed, putEndedAway } from './put-away'
import type { PutAwayOptions } from './put-away'
import { outlived } from './retention'
import type { RetentionLimits } from './retention'
import { cutState, type StateCut } from './state-cut'
import type { Archive, StateFiles } from './state-files'

/** How often, and how much. What is left out has its default. */
export interface KeepingPace {
  readonly everyMs?: number
  /** Archived jobs that stay in memory: the newest. */
  readonly keptWhole?: number
  readonly checkpoints?: CheckpointLimits
}

interface KeeperOptions extends KeepingPace {
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

/** So many jobs are dropped in one go. */
const mostAtOnce = 500
/** Whether jobs have had their time is looked at in one of so many rounds: that is a look at all of them. */
const roundsARetention = 10
/** After a round that failed, most likely for want of room, the next one comes later and later; no later than this. Milliseconds. */
const longestWaitMs = 60_000

/** Keeps the stored state small: ended jobs go to the archive and after their time away, and the ledger starts behind the last checkpoint. */
export class Keeper {
  readonly #options: Required<KeeperOptions>
  readonly #away: PutAwayOptions
  #rounds = 0
  #lastCheckpoint: number
  #lastBytes = 0
  #lastAt: number
  #looked: number
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(options: KeeperOptions, lastCheckpoint: number) {
    this.#options = { everyMs: 1000, keptWhole: 1000, checkpoints: usualCheckpointLimits, ...options }
    const loader = createLoader((row) => options.archive().read(row), this.#options.keptWhole)
    this.#away = { ...this.#options, loader, isStopped: () => this.#stopped }
    this.#lastCheckpoint = lastCheckpoint
    this.#lastAt = options.now()
    this.#looked = lastCheckpoint
    this.#later()
  }

  /** One round; those that come while one is under way are that one. */
  round(): Promise<void> {
    return this.#run(true)
  }

  #run(isRetentionDue: boolean): Promise<void> {
    this.#running ??= this.#round(isRetentionDue)
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
    this.#timer = setTimeout(() => void this.#run((this.#rounds += 1) % roundsARetention === 0).then(() => this.#later()), waitMs)
    this.#timer.unref()
  }

  async #round(isRetentionDue: boolean): Promise<void> {
    const { core, ledger, retention, now } = this.#options
    if (core.refusal !== undefined) return
    const old = isRetentionDue ? outlived(core.state, retention(), now()) : []
    for (let at = 0; at < old.length && !this.#stopped; at += mostAtOnce) {
      await core.change(old.slice(at, at + mostAtOnce).map((id) => ({ drop: 'job', id }) as const))
    }
    await putEndedAway(this.#away)
    if (this.#stopped || !this.#isDue()) return
    await compactArchive(this.#away)
    await ledger.trim(await this.#checkpoint())
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
        whole: state().open.size + state().ended.size,
      },
      checkpoints,
    )
  }

  async #checkpoint(): Promise<LedgerEnd> {
    const { core, files, ledger, log } = this.#options
    const archive = this.#options.archive()
    const began = performance.now()
    const { cut, checkpoint, bytes, at } = await core.whileStill(() => {
      if (archive !== this.#options.archive()) throw outdatedCheckpoint()
      return { ...this.#stateNow(), bytes: ledger.bytes, at: this.#options.now() }
    })
    const stillMs = performance.now() - began
    try {
      // What it names of the archive has to be there before it is.
      await archive.flush()
      await files.writeCheckpoint(checkpoint, () => core.refusal === undefined && archive === this.#options.archive())
    } finally {
      cut.end()
    }
    const { position } = checkpoint
    this.#lastCheckpoint = position.sequence
    this.#lastBytes = bytes
    this.#lastAt = at
    log.info('The state of jobs was put down', {
      records: position.sequence,
      whole: cut.size,
      archived: archive.rows.size,
      stillMs: Math.round(stillMs),
      ms: Math.round(performance.now() - began),
    })
    return position
  }

  /** To be called when memory is exactly what is stored; what it tells of does not change any more, until the cut ends. */
  #stateNow(): { readonly cut: StateCut; readonly checkpoint: CheckpointSource } {
    const { ledger, messages, registry } = this.#options
    const archive = this.#options.archive()
    const state = this.#options.state()
    dropThawed(archive, state)
    const cut = cutState(state, messages())
    const checkpoint = {
      position: ledger.position,
      nodes: nodeChanges(registry),
      archive: archive.lengths,
      jobs: cut.jobs,
      evaluations: [...state.evaluations.values()],
      deadLetters: [...state.deadLetters.values()],
      messages: cut.messages,
    }
    return { cut, checkpoint }
  }
}

function nodeChanges(registry: ReadonlyRegistry): NodeChange[] {
  return [...registry.entries()].flatMap(([id, { info, membership, registeredAt, seen }]): NodeChange[] => [
    { kind: 'node.registered', at: registeredAt, info, membership },
    ...(seen === undefined ? [] : [{ kind: 'node.seen', at: registeredAt, id, seen } as const]),
  ])
}
