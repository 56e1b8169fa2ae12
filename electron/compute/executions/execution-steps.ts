import type { Logger } from '../../log/logger'
import type { Outgoing, OutgoingEntry } from '../connection/outgoing'
import type { ExecutionChange, StoredExecution } from './execution-fold'
import type { ExecutionStore } from './execution-store'
import { type About, computeError, type ExecutionFailure } from './messages'
import { type ExecutionStep, isEnded, stateAfter } from './transitions'

/** What steps are stored with, and whom they are told. */
export interface ExecutionStepsOptions {
  readonly store: ExecutionStore
  /** Durable things to tell, in the order of their numbers. */
  readonly tell: (entry: OutgoingEntry) => void
  /** Unix ms. */
  readonly now: () => number
  readonly log: Logger
}

/** The steps of this node’s executions: stored, and told to the orchestrator where it waits for them. */
export class ExecutionSteps {
  readonly #options: ExecutionStepsOptions
  #silent = false

  constructor(options: ExecutionStepsOptions) {
    this.#options = options
  }

  /** From now on steps are stored and not told: the next start of the node tells them. */
  fallSilent(): void {
    this.#silent = true
  }

  get isSilent(): boolean {
    return this.#silent
  }

  /** The change to store when a step is one of the execution’s; undefined when it is not. */
  changeOf(id: string, step: ExecutionStep, fields: Partial<Omit<StoredExecution, 'state' | 'endedAt'>> = {}): ExecutionChange | undefined {
    const { store, now } = this.#options
    const known = store.executions.get(id)
    const state = known === undefined ? undefined : stateAfter(known.state, step)
    if (state === undefined) return undefined
    return { patch: id, fields: isEnded(state) ? { state, endedAt: now(), ...fields } : { state, ...fields } }
  }

  /**
   * Stores a step and tells of it, also when it cannot be stored: the orchestrator settles what comes twice, but waits for what never comes. For the same
   * reason the one need not wait for the other. What is lost with a crash in between is told as interrupted or asked for again: the message that led here
   * is acknowledged only when all of it is durable. Resolves then.
   */
  async tellAndCommit(change: ExecutionChange, outgoing: Outgoing): Promise<void> {
    const { store } = this.#options
    const entry = { sequence: store.nextSequence(), outgoing }
    const durable = store.commit(change, { send: entry })
    this.#tell(entry)
    await durable.catch(() => undefined) // Logged by the store.
  }

  /** Tells only what is stored. Rejects as the store does; then it is told neither now nor after a restart. */
  async commitThenTell(change: ExecutionChange, outgoing: Outgoing): Promise<void> {
    const { store } = this.#options
    const entry = { sequence: store.nextSequence(), outgoing }
    try {
      await store.commit(change, { send: entry })
    } catch (error) {
      store.hold({ acked: entry.sequence })
      throw error
    }
    this.#tell(entry)
  }

  /** Does nothing for one that has ended already. */
  async fail(id: string, failure: ExecutionFailure): Promise<void> {
    const { store, now, log } = this.#options
    const known = store.executions.get(id)
    const change = this.changeOf(id, 'failed')
    if (known === undefined || change === undefined) return
    log.info('An execution failed.', { execution: id, job: known.jobId, reason: failure.message })
    await this.tellAndCommit(change, computeError(aboutOf(known), failure, now()))
  }

  #tell(entry: OutgoingEntry): void {
    if (!this.#silent) this.#options.tell(entry)
  }
}

/** What every message about an execution says of it. */
export function aboutOf({ id, jobId, jobType }: StoredExecution): About {
  return { executionId: id, jobId, jobType }
}
