import { computeStates } from '../../../shared/models/execution'
import type { JobStateType } from '../../../shared/models/job'
import { scheduleBatchOrService } from './batch-service'
import { Draft } from './draft'
import { giveUpLostNodes } from './lost-nodes'
import { scheduleDaemon, scheduleOps } from './ops-daemon'
import type { Plan } from './plan'
import { rollOver } from './roll-over'
import type { SchedulingInput } from './scheduling-input'
import { enforceTimeouts } from './timeouts'

/** Decides everything that is to be done about a job now. Pure: the same input gives the same plan. */
export function schedule(input: SchedulingInput): Plan {
  const draft = new Draft(input)
  if (draft.hasEnded()) {
    for (const execution of draft.live()) draft.stop(execution, { compute: computeStates.Cancelled, message: stopMessage(draft.job.State.StateType) })
    return draft.plan()
  }
  giveUpLostNodes(draft)
  const isFinite = input.job.Type === 'batch' || input.job.Type === 'ops'
  if (isFinite) enforceTimeouts(draft)
  if (draft.hasEnded()) return draft.plan()
  rollOver(draft)
  switch (input.job.Type) {
    case 'batch':
    case 'service':
      scheduleBatchOrService(draft)
      break
    case 'ops':
      scheduleOps(draft)
      break
    case 'daemon':
      scheduleDaemon(draft)
  }
  return draft.plan()
}

function stopMessage(state: JobStateType): string {
  if (state === 'Stopped') return 'Execution stop requested because job has been stopped'
  return state === 'Failed' ? 'Execution stopped due to job failure' : 'Execution stopped because the job has ended'
}
