import type { Revision } from '../../shared/http/feed'
import type { OrchestratorFacts } from '../../shared/http/feed'
import type { NodeRow } from '../../shared/models/node-row'
import type { Failure } from '../../shared/errors'

/** What is known of a cluster, and since when: `asOf` is Unix ms of the proof that it is current. */
export type FeedUpdate =
  | {
      readonly kind: 'snapshot'
      readonly feed: FeedKind
      readonly asOf: number
      readonly revision: Revision
      readonly nodes: readonly NodeRow[]
      readonly orchestrator?: OrchestratorFacts
    }
  | {
      readonly kind: 'changes'
      readonly feed: FeedKind
      readonly asOf: number
      readonly revision: Revision
      readonly changed: readonly NodeRow[]
      readonly removed: readonly string[]
      readonly orchestrator?: OrchestratorFacts
    }
  /** Nothing has changed, and that was proved just now. */
  | { readonly kind: 'alive'; readonly feed: FeedKind; readonly asOf: number }

/** `events`: pushed by a Shoal orchestrator. `poll`: asked of a Bacalhau orchestrator every so often. */
type FeedKind = 'events' | 'poll'

/** Told of a cluster in the order of its changes. */
export interface FeedListener {
  onEvent(update: FeedUpdate): void
  /** What was told last is getting old. The next try comes at `nextTryAt` (Unix ms). */
  onStale(failure: Failure, nextTryAt: number): void
}

/** One run of a feed: tells until it fails, and rejects with why. Ends quietly when `signal` is aborted. */
export interface FeedRun {
  readonly signal: AbortSignal
  readonly tell: (update: FeedUpdate) => void
  readonly now: () => number
}
