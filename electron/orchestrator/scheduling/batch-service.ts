import { computeStates, desiredStates } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import { topics } from '../../../shared/models/job-history'
import { resolveBids } from './bids'
import type { Draft } from './draft'
import { find, shortage } from './find-nodes'

/** Batch and service: so many partitions, each on a node of its own, after a round of bids (engine: section 1.7). */
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
  if (isBatch && partitions.every((partition) => completed.has(partition))) return draft.reach('Completed')

  // Older versions that still run hold their partition.
  const held = new Set(draft.live().map(({ PartitionIndex = 0 }) => PartitionIndex))
  const open = partitions.filter((partition) => !held.has(partition) && !(isBatch && completed.has(partition)))
  if (open.length > 0) place(draft, open)
  const runs = draft.executions().some((execution) => !isTerminalExecution(execution) && execution.DesiredState.StateType === desiredStates.Running)
  if (runs && !draft.hasEnded) draft.reach('Running')
}

function place(draft: Draft, open: readonly number[]): void {
  const { now, submittedAt, limits } = draft.input
  const found = find(draft)
  if (found.suitable.length < open.length) {
    const { message, details } = shortage(found, open.length)
    const { QueueTimeout = 0 } = draft.job.Tasks[0]?.Timeouts ?? {}
    const deadline = submittedAt + QueueTimeout * 1000
    if (now >= deadline) return draft.fail(message, { message, topic: topics.scheduling, details: { ...details, IsError: 'true' } })
    draft.wait(message)
    draft.lookAgain('job-queue', Math.min(now + limits.queueBackoffMs, deadline))
    if (found.suitable.length === 0) {
      const queued = `Job queued. ${message}`
      draft.enter('Queued', queued, { message: queued, topic: topics.queueing })
    }
  }
  const placed = open.slice(0, Math.min(found.suitable.length, limits.perLook))
  for (const [index, partition] of placed.entries()) {
    const node = found.suitable[index]
    if (node !== undefined) draft.request(node.node.id, desiredStates.Pending, partition)
  }
  if (placed.length < Math.min(open.length, found.suitable.length)) draft.lookAgain('exec-limit', now + limits.perLookDelayMs)
}
