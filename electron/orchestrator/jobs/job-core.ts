import { AppError, toFailure } from '../../../shared/errors'
import type { Evaluation, EvaluationTrigger } from '../../../shared/models/evaluation'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import type { Job } from '../../../shared/models/job'
import { terminalJobStates } from '../../../shared/models/job'
import type { Logger } from '../../log/logger'
import type { Clock } from '../ports'
import type { Change } from '../scheduling/plan'
import { unavailable } from '../unavailable'
import { EvaluationClock } from './evaluation-clock'
import { evaluationsAfter, retryAfter } from './evaluation-policy'
import type { JobsEntry } from './job-record'
import type { JobState } from './job-state'
import type { ReadonlyJobState, Transition } from './job-state'
import { WaitingJobs } from './waiting-jobs'

/** What a look at a job comes to. */
export interface Look {
  readonly changes: readonly Change[]
  /** All looks that the job needs later, by trigger; Unix milliseconds. */
  readonly evaluate: readonly { readonly trigger: EvaluationTrigger; readonly dueAt: number }[]
  /** It waits for a node. */
  readonly waiting: boolean
}

/** What the core decides with, and whom it tells. */
export interface JobCoreOptions {
  /** Stores one record; resolves with its number once it is durable. Calls come to their end in the order in which they were made. */
  readonly append: (record: JobsEntry) => Promise<number>
  /** Reads the stored state again, from the beginning. */
  readonly reload: () => Promise<JobState>
  /** Called once what was read again is the state. */
  readonly onReloaded: () => void
  readonly clock: Clock
  /** The scheduler of the job's type, on the state as it is now. */
  readonly look: (job: Job, state: ReadonlyJobState, trigger: EvaluationTrigger, now: number) => Look
  /** How often a look that fails is tried. */
  readonly mostTries: () => number
  /** Called in the order of the ledger, once `changes` are durable under `sequence`. */
  readonly onDurable: (transitions: readonly Transition[], sequence: number) => void
  /** Called at once with each change of executions, before anything is decided on it: for books that decisions rest on. */
  readonly onChanged: (transitions: readonly Transition[]) => void
  /** Called with what a transaction did when its record is on its way, before it is durable. May lead to other looks. */
  readonly onApplied: (transitions: readonly Transition[]) => void
  readonly log: Logger
}

/** The first wait of a core that could not write, and the longest, in milliseconds. */
const firstProbeMs = 500
const longestProbeMs = 5000

/**
 * The jobs and all that is decided about them. A transaction applies its cause, lets the scheduler look at the job at once and stores both
 * as one record; what follows from it happens once that is durable. Memory is ahead of the disk by what is under way.
 */
export class JobCore {
  readonly #options: JobCoreOptions
  readonly waiting = new WaitingJobs()
  readonly #clock: EvaluationClock
  #state: JobState
  #refusing: AppError | undefined
  #underWay = 0
  /** Entries of histories that are not durable yet, by job. */
  readonly #untold = new Map<string, number>()
  /** The end of the newest record that was given to the ledger, and so of all before it. */
  #newest: Promise<unknown> = Promise.resolve()
  #probe: NodeJS.Timeout | undefined
  #still: Promise<void> | undefined
  #stopped = false

  constructor(state: JobState, options: JobCoreOptions) {
    this.#state = state
    this.#options = options
    this.#clock = new EvaluationClock({
      now: () => options.clock.now(),
      stored: () => this.#state.evaluations,
      onDue: (evaluation) => this.#onDue(evaluation),
    })
  }

  get state(): ReadonlyJobState {
    return this.#state
  }

  /** For those who put ended jobs away. */
  get fold(): JobState {
    return this.#state
  }

  /** Why nothing can be changed at the moment. */
  get refusal(): AppError | undefined {
    return this.#refusing
  }

  /** So many of the newest entries of a job's history are not durable yet: who follows it must not hear of them. */
  untold(jobId: string): number {
    return this.#untold.get(jobId) ?? 0
  }

  /**
   * Changes a job and lets its scheduler look at it. The cause runs at once and may throw, which changes nothing.
   * @returns what the cause came to, once all of it is durable; rejects as `Ledger.append` does
   */
  async transact<T>(
    jobId: string,
    trigger: EvaluationTrigger,
    cause: (state: ReadonlyJobState) => { readonly changes: readonly Change[]; readonly value: T },
  ): Promise<T> {
    if (this.#still !== undefined) await this.#still
    if (this.#refusing !== undefined) throw readOnly(this.#refusing)
    let caused
    try {
      caused = cause(this.#state)
    } catch (error) {
      // A refusal may rest on what is not stored yet.
      await this.durable()
      throw error
    }
    await this.#carryOut(jobId, trigger, caused.changes, undefined)
    await this.durable()
    return caused.value
  }

  /** Resolves once all that is in memory now is durable; rejects when it cannot be. Who tells somebody that nothing is left to do waits for it. */
  async durable(): Promise<void> {
    if (this.#refusing !== undefined) throw readOnly(this.#refusing)
    try {
      await this.#newest
    } catch (error) {
      throw readOnly(error)
    }
  }

  /** Resolves once all that is in memory now is durable, or known not to be. */
  async settled(): Promise<void> {
    await this.#newest.catch(() => undefined)
  }

  /** Lets a job's scheduler look at it; nothing is stored when there is nothing to do. Failures are logged: the next look finds the same. */
  look(jobId: string, trigger: EvaluationTrigger): void {
    if (this.#still !== undefined)
      return this.#inBackground(
        this.#still.then(() => this.look(jobId, trigger)),
        jobId,
      )
    if (this.#refusing === undefined) this.#inBackground(this.#carryOut(jobId, trigger, [], undefined), jobId)
  }

  /** Changes that no scheduler need look at. */
  async change(changes: readonly Change[]): Promise<void> {
    if (this.#still !== undefined) await this.#still
    if (this.#refusing !== undefined) throw readOnly(this.#refusing)
    await this.#append(changes, this.#apply(changes))
  }

  /** Does something at a moment at which memory is exactly what is stored; whatever comes meanwhile waits for it. */
  async whileStill<T>(action: () => T): Promise<T> {
    let release: () => void = () => undefined
    this.#still = new Promise((resolve) => (release = resolve))
    try {
      await oneTurn()
      while (this.#underWay > 0) {
        // Why it could not be stored is for those to hear who asked for it.
        await this.#newest.catch(() => undefined)
        await oneTurn()
      }
      if (this.#refusing !== undefined) throw readOnly(this.#refusing)
      return action()
    } finally {
      this.#still = undefined
      release()
    }
  }

  /** Begins to look at jobs whose time has come. */
  start(): void {
    this.#clock.start()
  }

  stop(): void {
    this.#stopped = true
    this.#clock.stop()
    clearTimeout(this.#probe)
  }

  #onDue(evaluation: Evaluation): void {
    if (this.#still !== undefined) {
      const later = this.#still.then(() => {
        // It may have been dropped or put off by what else has waited.
        if (this.#state.evaluations.get(evaluation.id) === evaluation) this.#onDue(evaluation)
      })
      return this.#inBackground(later, evaluation.jobId)
    }
    if (this.#refusing !== undefined) return
    this.#inBackground(
      this.#carryOut(evaluation.jobId, evaluation.trigger, [{ drop: 'evaluation', id: evaluation.id }], evaluation),
      evaluation.jobId,
    )
  }

  #carryOut(jobId: string, trigger: EvaluationTrigger, changes: readonly Change[], evaluation: Evaluation | undefined): Promise<void> {
    const transitions = this.#apply(changes)
    const job = this.#state.job(jobId)?.latest
    const followed = job === undefined ? [] : this.#lookNow(job, trigger, evaluation)
    transitions.push(...this.#apply(followed))
    this.#noteEvaluations(followed)
    return this.#append([...changes, ...followed], transitions)
  }

  #apply(changes: readonly Change[]): Transition[] {
    const transitions = this.#state.apply(changes)
    if (transitions.length > 0) this.#options.onChanged(transitions)
    return transitions
  }

  #lookNow(job: Job, trigger: EvaluationTrigger, evaluation: Evaluation | undefined): Change[] {
    const { clock, look, log, mostTries } = this.#options
    const now = clock.now()
    try {
      const { changes, evaluate, waiting } = look(job, this.#state, trigger, now)
      const after = changes.reduce(
        (state, change) => ('patch' in change && change.patch === 'job' ? (change.fields.State ?? state) : state),
        job.State,
      )
      const over = terminalJobStates.has(after.StateType)
      if (waiting && !over) this.waiting.add(job)
      else this.waiting.remove(job.ID)
      return [...changes, ...evaluationsAfter(job, evaluate, this.#state.evaluations)]
    } catch (error) {
      log.error('A scheduler failed on a job', {
        job: job.ID,
        trigger,
        tries: evaluation?.tries ?? 0,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
      return retryAfter(job, trigger, { tries: evaluation?.tries ?? 0, mostTries: mostTries(), reason: toFailure(error).message, now })
    }
  }

  #noteEvaluations(changes: readonly Change[]): void {
    for (const change of changes) if ('put' in change && change.put === 'evaluation') this.#clock.added(change.evaluation)
  }

  async #append(changes: readonly Change[], transitions: readonly Transition[]): Promise<void> {
    if (changes.length === 0) return
    const { append, clock, onApplied, onDurable } = this.#options
    this.#underWay += 1
    this.#countUntold(changes, 1)
    const appended = append({ kind: 'jobs', at: clock.now(), changes })
    this.#newest = appended
    // Not before: what others decide on it has to come after it in the ledger.
    onApplied(transitions)
    try {
      const sequence = await appended
      this.#countUntold(changes, -1)
      onDurable(transitions, sequence)
    } catch (error) {
      this.#refusing ??= error instanceof AppError ? error : new AppError('ledger.broken', toFailure(error).message, { cause: error })
      throw readOnly(error)
    } finally {
      this.#underWay -= 1
      if (this.#refusing !== undefined && this.#underWay === 0) this.#recover()
    }
  }

  #countUntold(changes: readonly Change[], step: 1 | -1): void {
    for (const change of changes) {
      if (!('add' in change)) continue
      const count = this.untold(change.jobId) + step
      if (count === 0) this.#untold.delete(change.jobId)
      else this.#untold.set(change.jobId, count)
    }
  }

  /** Memory is ahead of what is stored: read that, and go on once something can be stored again. */
  #recover(waitMs = firstProbeMs): void {
    if (this.#stopped || this.#probe !== undefined) return
    const { append, clock, reload, onReloaded, log } = this.#options
    log.error('The state of jobs cannot be changed at the moment', { reason: this.#refusing?.message })
    const attempt = async (): Promise<void> => {
      await append({ kind: 'jobs', at: clock.now(), changes: [] })
      this.#state = await reload()
      this.waiting.clear()
      this.#untold.clear()
      this.#refusing = undefined
      this.#newest = Promise.resolve()
      onReloaded()
      this.#clock.start()
      log.info('The state of jobs can be changed again')
      for (const id of [...this.#state.open]) this.look(id, 'restart')
    }
    this.#probe = setTimeout(() => {
      attempt().then(
        () => (this.#probe = undefined),
        (error: unknown) => {
          log.debug('The state of jobs still cannot be changed', { error })
          this.#probe = undefined
          this.#recover(Math.min(longestProbeMs, waitMs * 2))
        },
      )
    }, waitMs)
    this.#probe.unref()
  }

  #inBackground(work: Promise<unknown>, jobId: string): void {
    work.catch((error: unknown) => this.#options.log.warn('What was decided about a job could not be stored', { job: jobId, error }))
  }
}

/** What has just become durable reaches the registry of nodes within it. */
const oneTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

const readOnly = (reason: unknown): Error => unavailable('Jobs cannot be changed', reason)

/** Whether an execution has just ended, which may free room on its node. */
export function hasEnded({ previous, current }: Transition): boolean {
  return isTerminalExecution(current) && (previous === undefined || !isTerminalExecution(previous))
}
