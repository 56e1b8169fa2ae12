import type { ReadonlyJobState } from '../../electron/orchestrator/jobs/job-state'
import type { Change } from '../../electron/orchestrator/scheduling/plan'
import { isTerminalExecution } from '../../shared/models/execution-state'
import { goTimeToMs } from '../../shared/wire/times'

/** What the history of jobs must not do within one record, which is not in `before` yet; nothing when all is well. */
export function faultsOfHistory(changes: readonly Change[], before: ReadonlyJobState): string[] {
  const faults: string[] = []
  const told = new Map<string, number>()
  const lastTime = new Map<string, number>()
  for (const change of changes) {
    if (!('add' in change)) continue
    const { jobId, entry } = change
    const { ExecutionID, Event } = entry
    const about = entry.Type === 'JobLevel' ? jobId : (ExecutionID ?? '')
    told.set(about, (told.get(about) ?? 0) + 1)
    const [last, time] = [lastTime.get(jobId) ?? timeOf(before.job(jobId)?.history.at(-1)?.Time), timeOf(entry.Time)]
    if (time < last) faults.push(`the history of ${jobId} goes back by ${String(last - time)} ms: ${Event.Message}`)
    lastTime.set(jobId, time)
    const execution = ExecutionID === undefined ? undefined : before.execution(ExecutionID)
    if (execution !== undefined && isTerminalExecution(execution)) faults.push(`the end of ${execution.ID} had been told: ${Event.Message}`)
  }
  for (const [id, times] of jobChanges(changes, before)) {
    if ((told.get(id) ?? 0) !== times) faults.push(`the state of ${id} changes ${String(times)} times and is told ${String(told.get(id) ?? 0)} times`)
  }
  for (const id of executionChanges(changes, before)) if (!told.has(id)) faults.push(`nothing is told of a change of ${id}`)
  return faults
}

const timeOf = (time: string | undefined): number => (time === undefined ? 0 : (goTimeToMs(time) ?? 0))

/** How often the state of each job that is told of changes. */
function jobChanges(changes: readonly Change[], before: ReadonlyJobState): Map<string, number> {
  const times = new Map<string, number>()
  const states = new Map<string, string | undefined>()
  const note = (id: string, version: number, state: string | undefined): void => {
    const key = `${id} ${String(version)}`
    const known = states.has(key) ? states.get(key) : before.job(id)?.versions.get(version)?.State.StateType
    states.set(key, state)
    times.set(id, (times.get(id) ?? 0) + (known === state ? 0 : 1))
  }
  const isKnown = (id: string): boolean => before.job(id) !== undefined || times.has(id)
  for (const change of changes) {
    if ('put' in change && change.put === 'job') note(change.job.ID, change.job.Version, change.job.State.StateType)
    else if ('patch' in change && change.patch === 'job' && isKnown(change.id)) {
      if (change.fields.State !== undefined) note(change.id, change.version, change.fields.State.StateType)
    } else if ('add' in change && change.entry.Type === 'JobLevel' && isKnown(change.jobId)) {
      times.set(change.jobId, times.get(change.jobId) ?? 0)
    }
  }
  return times
}

/** Executions that are new, or end. A bid is not told of before it is taken. */
function executionChanges(changes: readonly Change[], before: ReadonlyJobState): Set<string> {
  const ids = new Set<string>()
  for (const change of changes) {
    if ('put' in change && change.put === 'execution') ids.add(change.execution.ID)
    if (!('patch' in change) || change.patch !== 'execution') continue
    const execution = before.execution(change.id)
    if (execution !== undefined && !isTerminalExecution(execution) && isTerminalExecution({ ...execution, ...change.fields })) ids.add(change.id)
  }
  return ids
}
