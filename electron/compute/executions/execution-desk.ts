import { toFailure } from '../../../shared/errors'
import { computeStates } from '../../../shared/models/execution'
import { topics } from '../../../shared/models/job-history'
import type { Resources } from '../../../shared/models/resources'
import type { MessagePayload } from '../../../shared/wire/messages'
import type { Logger } from '../../log/logger'
import type { DataMessage } from '../../transport/ncl/subscriber'
import type { Bid, Bidder } from '../bidding/bidder'
import type { Outgoing, OutgoingEntry } from '../connection/outgoing'
import type { ExecutionQueue } from '../queue/execution-queue'
import type { Run, RunOutcome } from '../runs/run-execution'
import type { ExecutionChange, StoredExecution } from './execution-fold'
import type { ExecutionStore } from './execution-store'
import { bidResult, computeError, type ExecutionFailure, restartError, runResult } from './messages'
import { type ExecutionStep, isEnded, recoveryOf, stateAfter } from './transitions'
import { endsByItself, readWork, type Work } from './work'

interface ExecutionDeskOptions {
  readonly store: ExecutionStore
  readonly bid: Bidder
  readonly queue: ExecutionQueue
  /** Begins a run: `approved` resolves when the approval is durable; the run fails when it rejects. */
  readonly run: (
    work: Work,
    resources: Resources,
    options: { again: boolean; approved: Promise<void>; onStep: (step: 'started' | 'publishing') => void },
  ) => Run
  /** Removes what only the run needed. */
  readonly clean: (executionId: string) => void
  /** Durable things to tell, in the order of their numbers. */
  readonly tell: (entry: OutgoingEntry) => void
  readonly now: () => number
  readonly log: Logger
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

/** A bid that is decided sooner is stored together with the request: one sync of the disk instead of two. */
const QUICK_BID_MS = 15

/** Knows of no run until `recover` or the first message. */
export function createExecutionDesk(options: ExecutionDeskOptions): ExecutionDesk {
  const { store, queue, now, log } = options
  const runs = new Map<string, Run>()
  /** Approvals on their way to the disk, and executions that run once more. */
  const approvals = new Map<string, Promise<void>>()
  const again = new Set<string>()
  let stopped = false

  /** Makes a step if it is one of the execution's; the change to store, undefined when it is not. */
  const stepOf = (id: string, step: ExecutionStep, fields: Partial<StoredExecution> = {}): ExecutionChange | undefined => {
    const known = store.executions.get(id)
    const state = known === undefined ? undefined : stateAfter(known.state, step)
    if (state === undefined) return undefined
    return { patch: id, fields: { ...fields, state, ...(isEnded(state) ? { endedAt: now() } : {}) } }
  }

  /**
   * Stores a step and tells of it, also when it cannot be stored: the orchestrator settles what comes twice, but waits for what never comes. For the same
   * reason the one need not wait for the other. What is lost with a crash in between is told as interrupted or asked for again: the message that led here
   * is acknowledged only when all of it is durable. Resolves then.
   */
  const tellAndCommit = async (change: ExecutionChange, outgoing: Outgoing): Promise<void> => {
    const entry = { sequence: store.nextSequence(), outgoing }
    const durable = store.commit(change, { send: entry })
    if (!stopped) options.tell(entry)
    await durable.catch(() => undefined) // Logged by the store.
  }

  const aboutOf = ({ id, jobId, jobType }: StoredExecution) => ({ executionId: id, jobId, jobType })

  const fail = async (id: string, failure: ExecutionFailure): Promise<void> => {
    const known = store.executions.get(id)
    const change = stepOf(id, 'failed')
    if (known === undefined || change === undefined) return
    log.info('An execution failed.', { execution: id, job: known.jobId, reason: failure.message })
    await tellAndCommit(change, computeError(aboutOf(known), failure, now()))
  }

  const enqueue = (id: string): void => {
    const known = store.executions.get(id)
    if (known?.work === undefined || known.usage === undefined) return
    if (queue.add(id, known.usage, known.work.job.Priority)) return
    void fail(id, { topic: topics.running, message: 'This node has less capacity now than when it bid for the execution.', code: 'node.too-small' })
  }

  const ask = async (payload: MessagePayload<'AskForBid'>): Promise<void> => {
    const read = readWork(payload.Execution)
    if (read.kind === 'dropped') return log.warn('A request for a bid is ignored.', { reason: read.reason })
    const id = read.kind === 'work' ? read.work.executionId : read.executionId
    if (store.executions.has(id)) return store.commit()
    if (read.kind === 'unfit') {
      const put = { id, jobId: read.jobId, jobType: read.jobType, state: computeStates.AskForBidRejected, endedAt: now() }
      return tellAndCommit({ put }, bidResult(read, [read.reason], now()))
    }
    const { jobId, jobType } = read.work
    store.hold({ put: { id, jobId, jobType, state: computeStates.New, work: read.work } })
    const decided = decide(read.work)
    const quick = await Promise.race([decided.then(() => true), delay(QUICK_BID_MS)])
    if (!quick) await store.commit()
  }

  /** Bids, and settles what comes of it. Resolves when that is durable. */
  const decide = async (work: Work): Promise<void> => {
    const bid = await options.bid(work)
    if (stopped) return
    const id = work.executionId
    const known = store.executions.get(id)
    // Cancelled, rejected or already approved meanwhile.
    if (known === undefined || isEnded(known.state)) return
    if (bid.kind === 'wanted') return accept(known, work, bid.usage)
    await refuse(known, bid)
  }

  const accept = async (known: StoredExecution, work: Work, usage: Resources): Promise<void> => {
    const id = work.executionId
    if (known.state === computeStates.New && !work.runAtOnce) {
      const change = stepOf(id, 'bid', { usage })
      if (change !== undefined) await bidDurably(known, change)
      return
    }
    const change = stepOf(id, 'approved', { usage }) ?? { patch: id, fields: { usage } }
    await approve(id, change)
  }

  /** A bid that cannot be kept is no bid: another node may have the room for it. */
  const bidDurably = async (known: StoredExecution, change: ExecutionChange): Promise<void> => {
    const entry = { sequence: store.nextSequence(), outgoing: bidResult(aboutOf(known), undefined, now()) }
    try {
      await store.commit(change, { send: entry })
    } catch (error) {
      store.hold({ acked: entry.sequence }) // It is not told, now or after a restart.
      const { message, hint } = toFailure(error)
      return refuse(known, { kind: 'refused', reasons: [hint === undefined ? message : `${message} ${hint}`] })
    }
    if (!stopped) options.tell(entry)
  }

  const refuse = async (known: StoredExecution, bid: Exclude<Bid, { kind: 'wanted' }>): Promise<void> => {
    const reasons = bid.kind === 'refused' ? bid.reasons : [bid.message]
    log.info('This node does not take an execution.', { execution: known.id, job: known.jobId, reasons })
    const change = bid.kind === 'refused' ? stepOf(known.id, 'bid-refused') : undefined
    if (change !== undefined) return tellAndCommit(change, bidResult(aboutOf(known), reasons, now()))
    const hint = bid.kind === 'failed' ? bid.hint : undefined
    return fail(known.id, { topic: topics.scanning, message: reasons.join('; '), ...(hint === undefined ? {} : { hint }) })
  }

  /** Lets an execution run. If a crash takes its approval from the disk, that comes again, and so does the run: as after any crash in the middle of one. */
  const approve = async (id: string, change: ExecutionChange): Promise<void> => {
    const durable = store.commit(change)
    approvals.set(id, durable)
    enqueue(id)
    // The run fails with it, and tells that.
    await durable.catch(() => undefined)
    approvals.delete(id)
  }

  const end = async (id: string, step: 'cancelled' | 'bid-rejected'): Promise<void> => {
    const known = store.executions.get(id)
    const change = stepOf(id, step)
    // After every execution that has ended comes a cancellation of it.
    if (known === undefined || change === undefined) return store.commit()
    log.info('An execution is not wanted any more.', { execution: id, job: known.jobId })
    const durable = store.commit(change)
    const run = runs.get(id)
    // Its share of the node is free when it has really ended.
    if (run === undefined) queue.remove(id)
    else run.cancel()
    await durable.catch(() => undefined) // Logged by the store.
  }

  const settle = async (id: string, run: Run, outcome: RunOutcome): Promise<void> => {
    if (stopped) return run.close()
    const told = tellOutcome(id, outcome)
    // After the change is made in memory, so that what starts now sees it.
    queue.remove(id)
    await Promise.all([told, run.close()])
    runs.delete(id)
    options.clean(id)
  }

  const tellOutcome = async (id: string, outcome: RunOutcome): Promise<void> => {
    const known = store.executions.get(id)
    if (known?.work === undefined || outcome.kind === 'cancelled') return
    if (outcome.kind === 'failed') return fail(id, outcome.failure)
    const change = stepOf(id, 'completed')
    if (change === undefined) return
    await tellAndCommit(change, runResult(aboutOf(known), outcome, now()))
  }

  return {
    take: async ({ type, payload, sequence }) => {
      try {
        // The subscriber has read the payload as what its type says.
        switch (type) {
          case 'AskForBid':
            return await ask(payload as MessagePayload<'AskForBid'>)
          case 'BidAccepted': {
            const id = (payload as MessagePayload<'BidAccepted'>).ExecutionID
            const change = stepOf(id, 'approved')
            return await (change === undefined ? store.commit() : approve(id, change))
          }
          case 'BidRejected':
            return await end((payload as MessagePayload<'BidRejected'>).ExecutionID, 'bid-rejected')
          case 'CancelExecution':
            return await end((payload as MessagePayload<'CancelExecution'>).ExecutionID, 'cancelled')
          default:
            return log.debug('A message that is none for a node.', { type })
        }
      } catch (error) {
        log.warn('A message was taken, but could not be stored.', { type, sequence, reason: toFailure(error).message })
      }
    },
    cancel: (id) => end(id, 'cancelled').catch(() => undefined), // Logged by the store.
    start: (id, resources) => {
      const work = store.executions.get(id)?.work
      if (work === undefined || stopped) return queue.remove(id)
      const run = options.run(work, resources, {
        again: again.delete(id),
        approved: approvals.get(id) ?? Promise.resolve(),
        onStep: (step) => {
          const change = stepOf(id, step)
          if (change !== undefined) store.hold(change)
        },
      })
      runs.set(id, run)
      void run.ended.then((outcome) => settle(id, run, outcome))
    },
    recover: async () => {
      const found = [...store.executions.values()]
      for (const entry of store.outgoing) options.tell(entry)
      await Promise.all(
        found.map(async (known) => {
          const { id, work } = known
          const recovery = work === undefined ? 'none' : recoveryOf(known.state, endsByItself(work))
          if (recovery === 'none' || work === undefined) return
          if (recovery === 'bid') return void decide(work)
          if (recovery === 'fail') {
            const change = stepOf(id, 'failed')
            options.clean(id)
            return change === undefined ? undefined : tellAndCommit(change, restartError(aboutOf(known), now()))
          }
          const change = stepOf(id, 'run-again')
          if (recovery === 'wait' || change === undefined) return
          again.add(id)
          await approve(id, change)
        }),
      )
    },
    runOf: (id) => runs.get(id),
    stop: () => {
      stopped = true
    },
  }
}

function delay(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms)
  })
}
