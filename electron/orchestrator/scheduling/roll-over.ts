import { computeStates, desiredStates } from '../../../shared/models/execution'
import type { Draft } from './draft'

/**
 * Executions of older versions make room: those that only were asked for at once, running ones some at a time.
 * @returns whether running ones are left for a later look
 */
export function rollOver(draft: Draft): boolean {
  const { limits, now } = draft.input
  const old = draft.live().filter(({ JobVersion }) => JobVersion < draft.job.Version)
  const running = old.filter(({ DesiredState }) => DesiredState.StateType === desiredStates.Running)
  const asked = old.filter((execution) => !running.includes(execution))
  for (const execution of [...asked, ...running.slice(0, limits.perLook)]) {
    draft.stop(execution, { compute: computeStates.Cancelled, message: 'Execution stopped for job update' })
  }
  const isRest = running.length > limits.perLook
  if (isRest) draft.lookAgain('exec-limit', now + limits.perLookDelayMs)
  return isRest
}
