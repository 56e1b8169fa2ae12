/** What an orchestrator tells a node about an execution. */
export type DispatchType = 'AskForBid' | 'BidAccepted' | 'BidRejected' | 'CancelExecution'

/** One message to a node. What it says is made from the execution when it is sent; only its place in the order is kept. */
export interface Dispatch {
  readonly nodeId: string
  readonly executionId: string
  readonly type: DispatchType
  /** Strictly increasing over all nodes, with gaps; survives restarts. */
  readonly sequence: number
}

/** Messages that one record of the ledger may cause. */
const perRecord = 4096

/** The number of the `ordinal`th message (from 0) that ledger record `record` causes. */
export function dispatchSequence(record: number, ordinal: number): number {
  return record * perRecord + Math.min(ordinal, perRecord - 1)
}

/** The position of a node that needs nothing of what has been caused up to a ledger record. */
export function positionAfter(record: number): number {
  return record * perRecord + perRecord - 1
}
