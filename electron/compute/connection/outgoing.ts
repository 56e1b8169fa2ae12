import type { MessageInput } from '../../../shared/wire/messages'

/** What a node tells about an execution. */
export type Outgoing =
  | { readonly type: 'BidResult'; readonly payload: MessageInput<'BidResult'> }
  | { readonly type: 'RunResult'; readonly payload: MessageInput<'RunResult'> }
  | { readonly type: 'ComputeError'; readonly payload: MessageInput<'ComputeError'> }

/** One thing to be told, with its number: increasing, for ever this node's own. */
export interface OutgoingEntry {
  readonly sequence: number
  readonly outgoing: Outgoing
}
