import { placeable } from '../../electron/orchestrator/jobs/candidates'
import { isJobsEntry } from '../../electron/orchestrator/jobs/job-record'
import { amountsOf, capacityNow, nothing, plus, reservedBy, resourcesOf, type Amounts } from '../../electron/orchestrator/jobs/node-capacity'
import type { StoredExecution } from '../../electron/orchestrator/jobs/job-state'
import { submittedAt } from '../../electron/orchestrator/jobs/submitted-at'
import type { Orchestrator } from '../../electron/orchestrator/orchestrator'
import type { Change } from '../../electron/orchestrator/scheduling/plan'
import { isTerminalExecution } from '../../shared/models/execution-state'
import type { SimulatedNode } from './simulated-node'
import { rankNodes } from '../../shared/placement/rank-nodes'

interface Facts {
  readonly now: number
  readonly startedAt: number
  readonly nodes: readonly SimulatedNode[]
}

/** So long may a program go on after its execution was ended. */
const windDownMs = 5000

/**
 * Holds it against the truth when a job is failed for want of a node: nodes of the simulation run nothing but what this orchestrator gives
 * them, so that by its own books there must be no room, and the job must have waited as long as it may.
 * @param record as it is given to the ledger; memory is what it is after it
 * @param facts now, and when the orchestrator was started, in Unix milliseconds
 */
export function faultsOfRefusal(record: unknown, { jobs }: Orchestrator, facts: Facts): string[] {
  const { now } = facts
  if (!isJobsEntry(record)) return []
  return record.changes.flatMap((change) => {
    if (!('patch' in change) || change.patch !== 'job' || change.fields.State?.StateType !== 'Failed') return []
    const found = jobs.core.state.job(change.id)
    const job = found?.versions.get(change.version)
    if (found === undefined || job === undefined || !(job.State.Message ?? '').startsWith('not enough nodes')) return []
    const { QueueTimeout = 0 } = job.Tasks[0]?.Timeouts ?? {}
    const waited = now - submittedAt(found)
    if (waited < QueueTimeout * 1000) return [`${job.Name} (${job.ID}) failed after ${String(waited)} ms, its time-out is ${String(QueueTimeout)} s`]
    const room = withTrueRoom(jobs, record.changes, facts)
    const { suitable } = rankNodes({ job, nodes: room, executions: [...found.executions.values()], random: () => 0 })
    // Where it lacks nodes for all parts, some may have been suitable.
    if (suitable.length < Math.max(1, job.Count)) return []
    const where = suitable.map(({ node }) => `${node.id} (free ${String(node.available.CPU ?? 0)})`).join(', ')
    return [`${job.Name} (${job.ID} v${String(job.Version)}) failed although there was room on ${where}: ${job.State.Message ?? ''}`]
  })
}

function withTrueRoom(
  { core, books }: Orchestrator['jobs'],
  changes: readonly Change[],
  { now, startedAt, nodes }: Facts,
): ReturnType<typeof placeable> {
  const failed = changes.flatMap((change) => ('patch' in change && change.patch === 'execution' && isFailedJobs(change) ? [change.id] : []))
  const jobOf = ({ JobID, JobVersion }: StoredExecution) => core.state.job(JobID)?.versions.get(JobVersion)
  return placeable(books.nodes()).map((node) => {
    const held = failed.flatMap((id) => core.state.execution(id) ?? []).filter(({ NodeID }) => NodeID === node.id)
    // What has ended long ago, or before this orchestrator began, and runs on there nevertheless is room that the node does not have.
    const since = Math.max(startedAt, now - windDownMs) * 1_000_000
    const left = [...(nodes.find(({ id }) => id === node.id)?.programs.running ?? [])]
      .flatMap((id) => core.state.execution(id) ?? [])
      .filter((execution) => isTerminalExecution(execution) && execution.ModifyTime < since)
    const reserved: Amounts = plus(reservedBy(core.state.liveOn(node.id), jobOf), reservedBy([...held, ...left], jobOf))
    const { available, queued } = capacityNow(amountsOf(node.max), reserved, nothing)
    return { ...node, available: resourcesOf(available), queued: resourcesOf(queued) }
  })
}

/** What a job had when it failed still took room. */
function isFailedJobs({ fields }: Extract<Change, { patch: 'execution' }>): boolean {
  return fields.ComputeState?.Message === 'Execution stopped due to job failure'
}
