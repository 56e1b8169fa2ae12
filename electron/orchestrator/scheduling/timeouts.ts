import { computeStates, desiredStates } from '../../../shared/models/execution'
import { topics } from '../../../shared/models/job-history'
import type { Draft } from './draft'

const hint = 'Increase the timeout of the task, or find out what takes so long.'

/** Ends what has taken too long, and says when to look for it again (counted from this version's submission). */
export function enforceTimeouts(draft: Draft): void {
  const { now, submittedAt, limits } = draft.input
  const { TotalTimeout = 0, ExecutionTimeout = 0 } = draft.job.Tasks[0]?.Timeouts ?? {}
  if (TotalTimeout > 0) {
    const dueAt = submittedAt + TotalTimeout * 1000
    if (now >= dueAt) {
      const message = `Job timed out after ${TotalTimeout}s`
      return draft.fail(message, { message, topic: topics.jobTimeout, details: { IsError: 'true', Hint: hint } })
    }
    draft.lookAgain('job-timeout', dueAt)
  }
  const limitS = ExecutionTimeout > 0 ? ExecutionTimeout : TotalTimeout
  if (limitS <= 0) return
  for (const execution of draft.live()) {
    if (execution.DesiredState.StateType !== desiredStates.Running) continue
    // The node ends it by itself and says so; this is for a node that does not.
    const dueAt = execution.ModifyTime / 1_000_000 + limitS * 1000 + limits.timeoutGraceMs
    if (now < dueAt) {
      draft.lookAgain('exec-timeout', dueAt)
      continue
    }
    draft.stop(execution, {
      compute: computeStates.Failed,
      message: `Execution timed out after ${limitS}s and its node did not end it`,
      topic: topics.executionTimeout,
      details: { IsError: 'true', FailsExecution: 'true', Hint: hint },
    })
  }
}
