import { computeStates, desiredStates, type Execution } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import type { Draft } from './draft'

type StoredExecution = Omit<Execution, 'Job'>

/** One execution a partition: the oldest bid is taken where none runs yet; whatever else there is makes way. */
export function resolveBids(draft: Draft): void {
  const byPartition = new Map<number, StoredExecution[]>()
  for (const execution of draft.executions()) {
    if (execution.JobVersion !== draft.job.Version) continue
    const partition = execution.PartitionIndex ?? 0
    byPartition.set(partition, [...(byPartition.get(partition) ?? []), execution])
  }
  for (const [partition, executions] of byPartition) {
    if (partition >= draft.job.Count) for (const execution of executions) withdraw(draft, execution)
    else resolvePartition(draft, executions)
  }
}

function resolvePartition(draft: Draft, executions: readonly StoredExecution[]): void {
  const winner = winnerOf(executions)
  if (winner === undefined) return
  for (const execution of executions) if (execution !== winner) withdraw(draft, execution)
  if (isBid(winner)) draft.approve(winner)
}

function winnerOf(executions: readonly StoredExecution[]): StoredExecution | undefined {
  const completed = executions.find(({ ComputeState }) => ComputeState.StateType === computeStates.Completed)
  if (completed !== undefined) return completed
  const live = executions.filter((execution) => !isTerminalExecution(execution))
  return oldest(live.filter(({ DesiredState }) => DesiredState.StateType === desiredStates.Running)) ?? oldest(live.filter(isBid))
}

function isBid({ DesiredState, ComputeState }: StoredExecution): boolean {
  return DesiredState.StateType === desiredStates.Pending && ComputeState.StateType === computeStates.AskForBidAccepted
}

function oldest(executions: readonly StoredExecution[]): StoredExecution | undefined {
  return executions.reduce<StoredExecution | undefined>(
    (best, execution) => (best === undefined || execution.ModifyTime < best.ModifyTime ? execution : best),
    undefined,
  )
}

function withdraw(draft: Draft, execution: StoredExecution): void {
  if (isTerminalExecution(execution)) return
  if (isBid(execution)) draft.stop(execution, { compute: computeStates.BidRejected, message: 'Another node has this part of the job' })
  else draft.stop(execution, { compute: computeStates.Cancelled, message: 'Execution stopped because it is not needed any more' })
}
