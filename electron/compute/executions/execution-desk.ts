import { toFailure } from '../../../shared/errors'
import type { Resources } from '../../../shared/models/resources'
import type { MessagePayload } from '../../../shared/wire/messages'
import type { DataMessage } from '../../transport/ncl/subscriber'
import type { Run, RunOutcome } from '../runs/run-execution'
import { BidDesk, type BidDeskOptions } from './bid-desk'
import type { StoredExecution } from './execution-fold'
import { aboutOf, ExecutionSteps } from './execution-steps'
import { restartError, runResult } from './messages'
import { recoveryOf } from './transitions'
import { endsByItself, type Work } from './work'

/** What executions are bid for, run and told of with. */
interface ExecutionDeskOptions extends BidDeskOptions {
  /** Begins a run: `approved` resolves when the approval is durable; the run fails when it rejects. */
  readonly run: (
    work: Work,
    resources: Resources,
    options: { again: boolean; approved: Promise<void>; onStep: (step: 'started' | 'publishing') => void },
  ) => Run
  /** Removes what only the run needed. */
  readonly clean: (executionId: string) => void
}

/** What this node does with what the orchestrator sends. */
interface ExecutionDesk {
  /** Resolves when the message may be acknowledged. Never rejects: what cannot be done is told, or not worth a repetition. */
  take(message: DataMessage): Promise<void>
  /** As when the orchestrator says so. Never rejects. */
  cancel(id: string): Promise<void>
  /** Called by the queue when an execution has its share of the node. */
  start(id: string, resources: Resources): void
  /** Goes on with what an earlier run of the node has left. Resolves when that is durable. */
  recover(): Promise<void>
  runOf(id: string): Run | undefined
  /** Takes no more outcomes: what is ended by the end of the node is told at its next start. */
  stop(): void
}

/** Holds no run before `recover` or the first message. */
export function createExecutionDesk(options: ExecutionDeskOptions): ExecutionDesk {
  return new Desk(options)
}

class Desk implements ExecutionDesk {
  readonly #options: ExecutionDeskOptions
  readonly #steps: ExecutionSteps
  readonly #bids: BidDesk
  readonly #runs = new Map<string, Run>()
  /** Executions that run once more. */
  readonly #again = new Set<string>()
  #stopped = false

  constructor(options: ExecutionDeskOptions) {
    this.#options = options
    this.#steps = new ExecutionSteps(options)
    this.#bids = new BidDesk(options, this.#steps)
  }

  async take({ type, payload, sequence }: DataMessage): Promise<void> {
    const { store, log } = this.#options
    try {
      // The subscriber has read the payload as what its type says.
      switch (type) {
        case 'AskForBid':
          return await this.#bids.ask(payload as MessagePayload<'AskForBid'>)
        case 'BidAccepted': {
          const id = (payload as MessagePayload<'BidAccepted'>).ExecutionID
          const change = this.#steps.changeOf(id, 'approved')
          return await (change === undefined ? store.commit() : this.#bids.approve(id, change))
        }
        case 'BidRejected':
          return await this.#end((payload as MessagePayload<'BidRejected'>).ExecutionID, 'bid-rejected')
        case 'CancelExecution':
          return await this.#end((payload as MessagePayload<'CancelExecution'>).ExecutionID, 'cancelled')
        default:
          return log.debug('A message that is none for a node.', { type })
      }
    } catch (error) {
      log.warn('A message was taken, but could not be stored.', { type, sequence, reason: toFailure(error).message })
    }
  }

  cancel(id: string): Promise<void> {
    return this.#end(id, 'cancelled').catch(() => undefined) // Logged by the store.
  }

  start(id: string, resources: Resources): void {
    const { store, queue, run: begin } = this.#options
    const work = store.executions.get(id)?.work
    if (work === undefined || this.#stopped) return queue.remove(id)
    const run = begin(work, resources, {
      again: this.#again.delete(id),
      approved: this.#bids.approvalOf(id),
      onStep: (step) => {
        const change = this.#steps.changeOf(id, step)
        if (change !== undefined) store.hold(change)
      },
    })
    this.#runs.set(id, run)
    void run.ended.then((outcome) => this.#settle(id, run, outcome))
  }

  async recover(): Promise<void> {
    const { store, tell } = this.#options
    const found = [...store.executions.values()]
    for (const entry of store.outgoing) tell(entry)
    await Promise.all(found.map((known) => this.#recoverOne(known)))
  }

  runOf(id: string): Run | undefined {
    return this.#runs.get(id)
  }

  stop(): void {
    this.#stopped = true
    this.#steps.fallSilent()
  }

  async #recoverOne(known: StoredExecution): Promise<void> {
    const { id, work } = known
    const recovery = work === undefined ? 'none' : recoveryOf(known.state, endsByItself(work))
    if (recovery === 'none' || work === undefined) return
    if (recovery === 'bid') return void this.#bids.decide(work)
    if (recovery === 'fail') {
      const change = this.#steps.changeOf(id, 'failed')
      this.#options.clean(id)
      return change === undefined ? undefined : this.#steps.tellAndCommit(change, restartError(aboutOf(known), this.#options.now()))
    }
    const change = this.#steps.changeOf(id, 'run-again')
    if (recovery === 'wait' || change === undefined) return
    this.#again.add(id)
    await this.#bids.approve(id, change)
  }

  async #end(id: string, step: 'cancelled' | 'bid-rejected'): Promise<void> {
    const { store, queue, log } = this.#options
    const known = store.executions.get(id)
    const change = this.#steps.changeOf(id, step)
    // After every execution that has ended comes a cancellation of it.
    if (known === undefined || change === undefined) return store.commit()
    log.info('An execution is not wanted any more.', { execution: id, job: known.jobId })
    const durable = store.commit(change)
    const run = this.#runs.get(id)
    // Its share of the node is free when it has really ended.
    if (run === undefined) queue.remove(id)
    else run.cancel()
    await durable.catch(() => undefined) // Logged by the store.
  }

  async #settle(id: string, run: Run, outcome: RunOutcome): Promise<void> {
    if (this.#stopped) return run.close()
    const told = this.#tellOutcome(id, outcome)
    // After the change is made in memory, so that what starts now sees it.
    this.#options.queue.remove(id)
    await Promise.all([told, run.close()])
    this.#runs.delete(id)
    this.#options.clean(id)
  }

  async #tellOutcome(id: string, outcome: RunOutcome): Promise<void> {
    const known = this.#options.store.executions.get(id)
    if (known?.work === undefined || outcome.kind === 'cancelled') return
    if (outcome.kind === 'failed') return this.#steps.fail(id, outcome.failure)
    const change = this.#steps.changeOf(id, 'completed')
    if (change === undefined) return
    await this.#steps.tellAndCommit(change, runResult(aboutOf(known), outcome, this.#options.now()))
  }
}
