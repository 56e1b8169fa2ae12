import { isTerminalExecution } from '../../../shared/models/execution-state'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import type { ReadonlyJobState, Transition } from '../jobs/job-state'
import { transitionMessage } from '../scheduling/transition-message'
import { askForBid } from './ask-for-bid'
import { dispatchSequence } from './dispatch'
import type { Dispatch } from './dispatch'
import type { MessageIndex } from './message-index'
import { missing } from './message-index'
import { createNodeSender } from './node-sender'
import type { NodeSender } from './node-sender'

interface DispatcherOptions {
  readonly link: NatsLink
  readonly log: Logger
  readonly state: () => ReadonlyJobState
  readonly index: MessageIndex
  readonly ackTimeoutMs?: number
  readonly firstRetryMs?: number
}

/** Tells nodes what was decided about executions. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  #index: MessageIndex
  readonly #senders = new Map<string, NodeSender>()

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#index = options.index
  }

  /** Transitions have become durable as record `sequence`: those nodes that are there are told of them. */
  deliver(transitions: readonly Transition[], sequence: number): void {
    const byNode = new Map<string, Dispatch[]>()
    for (const dispatch of dispatchesOf(transitions, sequence)) {
      this.#index.note(dispatch)
      const dispatches = byNode.get(dispatch.nodeId)
      if (dispatches === undefined) byNode.set(dispatch.nodeId, [dispatch])
      else dispatches.push(dispatch)
    }
    for (const [nodeId, dispatches] of byNode) this.#senders.get(nodeId)?.send(dispatches)
  }

  /** A node has shaken hands and stands at `position`: everything beyond that is told once more. */
  connected(nodeId: string, position: number): void {
    this.disconnected(nodeId)
    const { link, log, state, ackTimeoutMs, firstRetryMs } = this.#options
    const sender = createNodeSender({
      nodeId,
      link,
      log,
      payloadOf: (dispatch) => this.#payloadOf(dispatch),
      ...(ackTimeoutMs === undefined ? {} : { ackTimeoutMs }),
      ...(firstRetryMs === undefined ? {} : { firstRetryMs }),
    })
    this.#senders.set(nodeId, sender)
    const due = [...state().executionsOn(nodeId)].flatMap((execution) =>
      missing(execution, isTerminalExecution(execution), this.#index.get(execution.ID), position),
    )
    if (due.length > 0) log.info('A node is told what it may have missed', { node: nodeId, messages: due.length, position })
    sender.send(due.sort((a, b) => a.sequence - b.sequence))
  }

  /** A node is back on another connection, without a handshake. */
  rejoined(nodeId: string): void {
    this.#senders.get(nodeId)?.wake()
  }

  get messages(): MessageIndex {
    return this.#index
  }

  /**
   * The stored state has been read again: what was left out because of changes that were never stored is told now.
   * @param positionOf where a node stands
   */
  reset(index: MessageIndex, positionOf: (nodeId: string) => number): void {
    this.#index = index
    for (const nodeId of [...this.#senders.keys()]) this.connected(nodeId, positionOf(nodeId))
  }

  disconnected(nodeId: string): void {
    this.#senders.get(nodeId)?.stop()
    this.#senders.delete(nodeId)
  }

  /** Messages that nodes have not acknowledged. */
  get pending(): number {
    return [...this.#senders.values()].reduce((sum, { pending }) => sum + pending, 0)
  }

  stop(): void {
    for (const nodeId of [...this.#senders.keys()]) this.disconnected(nodeId)
  }

  /** What an execution has become decides what is still worth telling. */
  #payloadOf({ executionId, type }: Dispatch): unknown {
    // Also when its job has been deleted meanwhile: the node does not know that, and runs on.
    if (type === 'CancelExecution' || type === 'BidRejected') return { Events: null, ExecutionID: executionId }
    const state = this.#options.state()
    const execution = state.execution(executionId)
    if (execution === undefined) return undefined
    if (isTerminalExecution(execution)) return undefined
    if (type === 'BidAccepted') return { Events: null, ExecutionID: executionId, Accepted: true }
    const job = state.job(execution.JobID)?.versions.get(execution.JobVersion)
    return job === undefined ? undefined : askForBid(execution, job)
  }
}

/** The messages that a record of the ledger causes, numbered. The same record always gives the same ones. */
export function dispatchesOf(transitions: readonly Transition[], sequence: number): Dispatch[] {
  const dispatches: Dispatch[] = []
  for (const { previous, current } of transitions) {
    const type = transitionMessage(previous, current)
    if (type === undefined) continue
    dispatches.push({ nodeId: current.NodeID, executionId: current.ID, type, sequence: dispatchSequence(sequence, dispatches.length) })
  }
  return dispatches
}
