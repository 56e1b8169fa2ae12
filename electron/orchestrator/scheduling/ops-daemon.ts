import { computeStates, desiredStates } from '../../../shared/models/execution'
import { topics } from '../../../shared/models/job-history'
import type { RankedNodes } from '../../../shared/placement/rank-nodes'
import type { Draft } from './draft'
import { find, shortage } from './find-nodes'

/** Ops: once on every node that fits, without bids; ends when all have. */
export function scheduleOps(draft: Draft): void {
  const ofThisVersion = draft.executions().filter(({ JobVersion }) => JobVersion === draft.job.Version)
  // What is left of older versions keeps its node until it has made way.
  const used = new Set([...ofThisVersion, ...draft.live()].map(({ NodeID }) => NodeID))
  const found = find(draft)
  const { placed } = place(draft, used)
  if (placed > 0 || draft.live().length > 0) return draft.reach('Running')
  if (ofThisVersion.length === 0) {
    const { message, details } = shortage(found, 1)
    return draft.fail(message, { message, topic: topics.scheduling, details: { ...details, IsError: 'true' } })
  }
  if (ofThisVersion.some(({ ComputeState }) => ComputeState.StateType === computeStates.Failed)) {
    const message = 'Job failed because one or more executions failed'
    return draft.fail(message, { message, topic: topics.scheduling })
  }
  const refused = ofThisVersion.find(({ ComputeState }) => ComputeState.StateType === computeStates.AskForBidRejected)
  if (refused !== undefined && !ofThisVersion.some(({ ComputeState }) => ComputeState.StateType === computeStates.Completed)) {
    const message = `Job failed because every node refused it: ${refused.ComputeState.Message ?? 'without a reason'}`
    return draft.fail(message, { message, topic: topics.scheduling, details: { IsError: 'true' } })
  }
  draft.reach('Completed')
}

/** Daemon: on every node that fits, for as long as the job lives; nodes that join get it too. */
export function scheduleDaemon(draft: Draft): void {
  const busy = new Set(draft.live().map(({ NodeID }) => NodeID))
  const { unsuitable } = place(draft, busy)
  // Those that are only busy get it as soon as they have room.
  if (unsuitable.some(({ node, ranker }) => ranker === 'capacity' && !busy.has(node.id))) draft.wait('some nodes are busy')
  if (draft.live().some(({ DesiredState }) => DesiredState.StateType === desiredStates.Running)) draft.reach('Running')
  else draft.wait('no node fits')
}

function place(draft: Draft, taken: ReadonlySet<string>): { readonly placed: number; readonly unsuitable: RankedNodes['unsuitable'] } {
  const { limits, now } = draft.input
  const { suitable, unsuitable } = find(draft)
  const free = suitable.filter(({ node }) => !taken.has(node.id))
  for (const { node } of free.slice(0, limits.perLook)) draft.request(node.id, desiredStates.Running)
  if (free.length > limits.perLook) draft.lookAgain('exec-limit', now + limits.perLookDelayMs)
  return { placed: Math.min(free.length, limits.perLook), unsuitable }
}
