import { computeStates, desiredStates } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import { topics } from '../../../shared/models/job-history'
import { resolveBids } from './bids'
import { diedWithNode } from '../../../shared/placement/lost-execution'
import { taskResources } from '../../../shared/jobs/task-resources'
import type { RankedNodes } from '../../../shared/placement/rank-nodes'
import { amountsOf, fitsInto, isNothing, multiple } from '../../../shared/placement/resource-arithmetic'
import type { Draft } from './draft'
import { find, shortage } from './find-nodes'

/** Batch and service: so many partitions, each on a node of its own, after a round of bids. */
export function scheduleBatchOrService(draft: Draft): void {
  resolveBids(draft)
  const partitions = Array.from({ length: draft.job.Count }, (_, index) => index)
  const completed = new Set(
    draft
      .executions()
      .filter(({ JobVersion, ComputeState }) => JobVersion === draft.job.Version && ComputeState.StateType === computeStates.Completed)
      .map(({ PartitionIndex = 0 }) => PartitionIndex),
  )
  const isBatch = draft.job.Type === 'batch'
  if (isBatch && partitions.every((partition) => completed.has(partition))) return complete(draft)

  // Older versions that still run hold their partition.
  const held = new Set(draft.live().map(({ PartitionIndex = 0 }) => PartitionIndex))
  const open = partitions.filter((partition) => !held.has(partition) && !(isBatch && completed.has(partition)))
  if (open.length > 0) place(draft, open)
  const runs = draft.executions().some((execution) => !isTerminalExecution(execution) && execution.DesiredState.StateType === desiredStates.Running)
  if (runs && !draft.hasEnded()) draft.reach('Running')
}

function place(draft: Draft, open: readonly number[]): void {
  const { now, limits } = draft.input
  const found = find(draft)
  const places = placesFor(draft, found, open.length)
  if (places.length < open.length) {
    const { message, details } = shortage(found, open.length)
    const deadline = waitsForItself(draft, found, places) ? Infinity : queueDeadline(draft, open)
    if (now >= deadline) return draft.fail(message, { message, topic: topics.scheduling, details: { ...details, IsError: 'true' } })
    draft.wait(message)
    draft.lookAgain('job-queue', Math.min(now + limits.queueBackoffMs, deadline))
    // A job of which some part runs or is asked for is not at a standstill.
    if (places.length === 0 && draft.live().length === 0) {
      const queued = `Job queued. ${message}`
      draft.enter('Queued', queued, { message: queued, topic: topics.queueing })
    }
  }
  const placed = open.slice(0, Math.min(places.length, limits.perLook))
  for (const [index, partition] of placed.entries()) {
    const nodeId = places[index]
    if (nodeId !== undefined) draft.request(nodeId, desiredStates.Pending, partition)
  }
  if (placed.length < Math.min(open.length, places.length)) draft.lookAgain('exec-limit', now + limits.perLookDelayMs)
}

/**
 * Node ids for so many partitions, the best first: every suitable node once, and where a batch has more partitions than nodes, more of them
 * on those that have the room. Services stay apart from each other.
 */
function placesFor(draft: Draft, { suitable }: RankedNodes, wanted: number): readonly string[] {
  const places = suitable.map(({ node }) => node.id)
  const [task] = draft.job.Tasks
  if (draft.job.Type !== 'batch' || task === undefined || suitable.length === 0) return places
  const one = amountsOf(taskResources(task))
  if (isNothing(one)) return Array.from({ length: wanted }, (_, index) => places[index % places.length] ?? '')
  for (let round = 2; places.length < wanted; round += 1) {
    const roomy = suitable.filter(({ node }) => fitsInto(multiple(one, round), amountsOf(node.available)))
    if (roomy.length === 0) break
    places.push(...roomy.map(({ node }) => node.id))
  }
  return places
}

/**
 * Whether a batch without a queue time-out only waits for parts of its own: some have a node, the others would have one if it were not
 * full. To fail would throw away what runs already.
 */
function waitsForItself(draft: Draft, { unsuitable }: RankedNodes, places: readonly string[]): boolean {
  const { QueueTimeout = 0 } = draft.job.Tasks[0]?.Timeouts ?? {}
  if (draft.job.Type !== 'batch' || QueueTimeout > 0) return false
  return places.length > 0 || (draft.live().length > 0 && unsuitable.some(({ ranker }) => ranker === 'capacity'))
}

/** Nothing is left to do: what still runs, of older versions too, is not needed. */
function complete(draft: Draft): void {
  for (const execution of draft.live()) {
    draft.stop(execution, { compute: computeStates.Cancelled, message: 'Execution stopped because it is not needed any more' })
  }
  draft.reach('Completed')
}

/**
 * Until when partitions may wait for a node, in Unix milliseconds: counted from the submission of this version, or from the end of the last
 * execution that another one is needed for. A service that only lost its node waits however long it takes, unless its spec sets a limit: a
 * sleeping laptop is no reason to give it up.
 */
function queueDeadline(draft: Draft, open: readonly number[]): number {
  const { QueueTimeout = 0 } = draft.job.Tasks[0]?.Timeouts ?? {}
  const isOpen = new Set(open)
  const ended = draft
    .executions()
    .filter((execution) => execution.JobVersion === draft.job.Version && isTerminalExecution(execution) && isOpen.has(execution.PartitionIndex ?? 0))
  // A double does not hold every nanosecond: unrounded, an end of this very moment may lie ahead of it, and the job would wait first.
  const since = ended.reduce((latest, { ModifyTime }) => Math.max(latest, Math.round(ModifyTime / 1_000_000)), draft.input.submittedAt)
  if (QueueTimeout > 0 || draft.job.Type !== 'service') return since + QueueTimeout * 1000
  const isLost = (partition: number): boolean => {
    const last = ended.filter(({ PartitionIndex = 0 }) => PartitionIndex === partition).at(-1)
    return last !== undefined && diedWithNode(last)
  }
  return open.every(isLost) ? Infinity : since
}
