import type { StoredExecution } from '../jobs/job-state'
import type { Dispatch, DispatchType } from './dispatch'

/** Numbers of the newest messages about an execution. */
export interface MessageNumbers {
  readonly ask?: number | undefined
  readonly accept?: number | undefined
  readonly end?: number | undefined
  /** What `end` is. */
  readonly endType?: 'BidRejected' | 'CancelExecution' | undefined
}

/** Which messages have been caused, by execution; a fold of the ledger, like the executions themselves. */
export class MessageIndex {
  readonly #numbers = new Map<string, MessageNumbers>()

  get(executionId: string): MessageNumbers | undefined {
    return this.#numbers.get(executionId)
  }

  note({ executionId, type, sequence }: Dispatch): void {
    const { ask, accept, end, endType } = this.#numbers.get(executionId) ?? {}
    if (type === 'AskForBid') this.#numbers.set(executionId, { ask: sequence, accept, end, endType })
    else if (type === 'BidAccepted') this.#numbers.set(executionId, { ask, accept: sequence, end, endType })
    else this.#numbers.set(executionId, { ask, accept, end: sequence, endType: type })
  }

  set(executionId: string, numbers: MessageNumbers): void {
    this.#numbers.set(executionId, numbers)
  }

  forget(executionId: string): void {
    this.#numbers.delete(executionId)
  }
}

/**
 * Messages about one execution that a node which stands at `position` may not have. Of an execution that has ended only the end matters:
 * a node that never heard of it takes that without a word.
 */
export function missing(
  execution: Pick<StoredExecution, 'ID' | 'NodeID'>,
  ended: boolean,
  numbers: MessageNumbers | undefined,
  position: number,
): Dispatch[] {
  if (numbers === undefined) return []
  const entry = (type: DispatchType, sequence: number | undefined): Dispatch[] =>
    sequence === undefined || sequence <= position ? [] : [{ nodeId: execution.NodeID, executionId: execution.ID, type, sequence }]
  if (ended) return entry(numbers.endType ?? 'CancelExecution', numbers.end)
  return [...entry('AskForBid', numbers.ask), ...entry('BidAccepted', numbers.accept)]
}
