import { toFailure } from '../../../shared/errors'
import { computeStates } from '../../../shared/models/execution'
import { topics } from '../../../shared/models/job-history'
import type { Resources } from '../../../shared/models/resources'
import type { MessagePayload } from '../../../shared/wire/messages'
import type { Bid, Bidder } from '../bidding/bidder'
import type { ExecutionQueue } from '../queue/execution-queue'
import type { ExecutionChange, StoredExecution } from './execution-fold'
import { aboutOf, type ExecutionSteps, type ExecutionStepsOptions } from './execution-steps'
import { bidResult } from './messages'
import { isEnded } from './transitions'
import { readWork, type Work } from './work'

/** What bids are decided and approvals taken with. */
export interface BidDeskOptions extends ExecutionStepsOptions {
  readonly bid: Bidder
  readonly queue: ExecutionQueue
}

/** A bid that is decided sooner is stored together with the request: one sync of the disk instead of two. */
const QUICK_BID_MS = 15

/** From the request for a bid to the approval: what leads an execution into the queue, or keeps it out. */
export class BidDesk {
  readonly #options: BidDeskOptions
  readonly #steps: ExecutionSteps
  /** Approvals on their way to the disk. */
  readonly #approvals = new Map<string, Promise<void>>()

  constructor(options: BidDeskOptions, steps: ExecutionSteps) {
    this.#options = options
    this.#steps = steps
  }

  /** Resolves when the approval of an execution is durable, rejects when it cannot be stored; at once when none is under way. */
  approvalOf(id: string): Promise<void> {
    return this.#approvals.get(id) ?? Promise.resolve()
  }

  /** Resolves when the request may be acknowledged. Rejects as the store does. */
  async ask(payload: MessagePayload<'AskForBid'>): Promise<void> {
    const { store, now, log } = this.#options
    const read = readWork(payload.Execution)
    if (read.kind === 'dropped') return log.warn('A request for a bid is ignored.', { reason: read.reason })
    const id = read.kind === 'work' ? read.work.executionId : read.executionId
    if (store.executions.has(id)) return store.commit()
    if (read.kind === 'unfit') {
      const put = { id, jobId: read.jobId, jobType: read.jobType, state: computeStates.AskForBidRejected, endedAt: now() }
      return this.#steps.tellAndCommit({ put }, bidResult(read, [read.reason], now()))
    }
    const { jobId, jobType } = read.work
    store.hold({ put: { id, jobId, jobType, state: computeStates.New, work: read.work } })
    const decided = this.decide(read.work)
    const quick = await Promise.race([decided.then(() => true), delay(QUICK_BID_MS)])
    if (!quick) await store.commit()
  }

  /** Bids, and settles what comes of it. Resolves when that is durable. */
  async decide(work: Work): Promise<void> {
    const bid = await this.#options.bid(work)
    if (this.#steps.isSilent) return
    const known = this.#options.store.executions.get(work.executionId)
    // Cancelled, rejected or already approved meanwhile.
    if (known === undefined || isEnded(known.state)) return
    if (bid.kind === 'wanted') return this.#accept(known, work, bid.usage)
    await this.#refuse(known, bid)
  }

  /** Lets an execution run. If a crash takes its approval from the disk, that comes again, and so does the run: as after any crash in the middle of one. */
  async approve(id: string, change: ExecutionChange): Promise<void> {
    const durable = this.#options.store.commit(change)
    this.#approvals.set(id, durable)
    this.#enqueue(id)
    // The run fails with it, and tells that.
    await durable.catch(() => undefined)
    this.#approvals.delete(id)
  }

  async #accept(known: StoredExecution, work: Work, usage: Resources): Promise<void> {
    const id = work.executionId
    if (known.state === computeStates.New && !work.runAtOnce) {
      const change = this.#steps.changeOf(id, 'bid', { usage })
      if (change !== undefined) await this.#bidDurably(known, change)
      return
    }
    const change = this.#steps.changeOf(id, 'approved', { usage }) ?? { patch: id, fields: { usage } }
    await this.approve(id, change)
  }

  /** A bid that cannot be kept is no bid: another node may have the room for it. */
  async #bidDurably(known: StoredExecution, change: ExecutionChange): Promise<void> {
    try {
      await this.#steps.commitThenTell(change, bidResult(aboutOf(known), undefined, this.#options.now()))
    } catch (error) {
      const { message, hint } = toFailure(error)
      return this.#refuse(known, { kind: 'refused', reasons: [hint === undefined ? message : `${message} ${hint}`] })
    }
  }

  async #refuse(known: StoredExecution, bid: Exclude<Bid, { kind: 'wanted' }>): Promise<void> {
    const { now, log } = this.#options
    const reasons = bid.kind === 'refused' ? bid.reasons : [bid.message]
    log.info('This node does not take an execution.', { execution: known.id, job: known.jobId, reasons })
    const change = bid.kind === 'refused' ? this.#steps.changeOf(known.id, 'bid-refused') : undefined
    if (change !== undefined) return this.#steps.tellAndCommit(change, bidResult(aboutOf(known), reasons, now()))
    const hint = bid.kind === 'failed' ? bid.hint : undefined
    return this.#steps.fail(known.id, { topic: topics.scanning, message: reasons.join('; '), ...(hint === undefined ? {} : { hint }) })
  }

  #enqueue(id: string): void {
    const known = this.#options.store.executions.get(id)
    if (known?.work === undefined || known.usage === undefined) return
    if (this.#options.queue.add(id, known.usage, known.work.job.Priority)) return
    const message = 'This node has less capacity now than when it bid for the execution.'
    void this.#steps.fail(id, { topic: topics.running, message, code: 'node.too-small' })
  }
}

function delay(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms)
  })
}
