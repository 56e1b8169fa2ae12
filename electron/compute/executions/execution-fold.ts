import type { ComputeStateType } from '../../../shared/models/execution'
import type { Resources } from '../../../shared/models/resources'
import type { Outgoing, OutgoingEntry } from '../connection/outgoing'
import { isEnded } from './transitions'
import type { Work } from './work'

/** What a node keeps of an execution. Of one that has ended: that it is known, so that a repeated request starts nothing. */
export interface StoredExecution {
  readonly id: string
  readonly jobId: string
  readonly jobType: string
  readonly state: ComputeStateType
  /** Until it has ended. */
  readonly work?: Work
  /** What it takes of the node, from the bid on. */
  readonly usage?: Resources
  /** Unix milliseconds. */
  readonly endedAt?: number
}

/** One change of what a node keeps; a record of its ledger holds some of them, which happen together. */
export type ExecutionChange =
  | { readonly put: StoredExecution }
  | { readonly patch: string; readonly fields: Partial<Omit<StoredExecution, 'id'>> }
  | { readonly send: OutgoingEntry }
  | { readonly acked: number }
  /** The orchestrator's last message that was dealt with. */
  | { readonly position: number }
  /** Numbers of outgoing messages up to this one are used up. */
  | { readonly counter: number }

/** So many executions that have ended are remembered. */
const ENDED_KEPT = 10_000

/** All that a node keeps about executions; the fold of its changes. */
export class ExecutionFold {
  readonly executions = new Map<string, StoredExecution>()
  readonly outgoing = new Map<number, Outgoing>()
  /** Those that have ended, oldest first. */
  readonly #ended = new Set<string>()
  position = 0
  counter = 0

  apply(change: ExecutionChange): void {
    if ('put' in change) this.#set(change.put)
    else if ('patch' in change) {
      const known = this.executions.get(change.patch)
      if (known !== undefined) this.#set({ ...known, ...change.fields })
    } else if ('send' in change) {
      this.outgoing.set(change.send.sequence, change.send.outgoing)
      this.counter = Math.max(this.counter, change.send.sequence)
    } else if ('acked' in change) this.outgoing.delete(change.acked)
    else if ('position' in change) this.position = change.position
    else this.counter = Math.max(this.counter, change.counter)
  }

  /** Changes that lead to this state from any earlier one of the same ledger. */
  snapshot(): ExecutionChange[] {
    return [
      { counter: this.counter },
      { position: this.position },
      ...[...this.executions.values()].map((put) => ({ put })),
      ...[...this.outgoing].map(([sequence, outgoing]) => ({ send: { sequence, outgoing } })),
    ]
  }

  #set(execution: StoredExecution): void {
    const { id, jobId, jobType, state, endedAt } = execution
    if (!isEnded(execution.state)) {
      this.executions.set(execution.id, execution)
      return
    }
    // What it was asked to do is needed no more, and may be large.
    this.executions.set(id, { id, jobId, jobType, state, ...(endedAt === undefined ? {} : { endedAt }) })
    this.#ended.add(id)
    const [oldest] = this.#ended
    if (this.#ended.size <= ENDED_KEPT || oldest === undefined) return
    this.#ended.delete(oldest)
    this.executions.delete(oldest)
  }
}

/** Reads a record of the ledger; undefined for one that holds no changes. */
export function changesOf(record: unknown): readonly ExecutionChange[] | undefined {
  if (typeof record !== 'object' || record === null || !('changes' in record) || !Array.isArray(record.changes)) return undefined
  // Only this module's owner writes them, and the ledger keeps them whole.
  return record.changes as readonly ExecutionChange[]
}
