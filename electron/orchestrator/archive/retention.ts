import type { ReadonlyJobState } from '../jobs/job-state'
import { terminalJobStates } from '../../../shared/models/job'

/** How long ended jobs are kept. */
export interface RetentionLimits {
  readonly maxAgeMs: number
  readonly maxJobs: number
}

/** Ended jobs that are to be dropped now, the oldest first: too old, or too many. `now` in Unix milliseconds. */
export function outlived(state: ReadonlyJobState, { maxAgeMs, maxJobs }: RetentionLimits, now: number): string[] {
  const oldest = (now - maxAgeMs) * 1_000_000
  let tooMany = state.jobs.size - state.open.size - maxJobs
  const ids: string[] = []
  for (const [id, { head }] of state.jobs) {
    if (!terminalJobStates.has(head.State.StateType)) continue
    if (tooMany <= 0 && head.ModifyTime >= oldest) continue
    tooMany -= 1
    ids.push(id)
  }
  return ids
}
