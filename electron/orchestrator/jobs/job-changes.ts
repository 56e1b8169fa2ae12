import type { Job } from '../../../shared/models/job'
import { topics } from '../../../shared/models/job-history'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import { terminalJobStates } from '../../../shared/models/job'
import { ApiError } from '../../http/reply/api-error'
import { history } from '../scheduling/history'
import type { Change } from '../scheduling/plan'
import type { JobRecord } from './job-state'

/** Unix nanoseconds of a moment in milliseconds, to the microsecond. */
export const nanoseconds = (ms: number): number => Math.round(ms * 1000) * 1000

/** A job that nobody knew. */
export function created(spec: Job, now: number): Change[] {
  const job: Job = { ...spec, State: { StateType: 'Pending' }, Version: 1, Revision: 1, CreateTime: nanoseconds(now), ModifyTime: nanoseconds(now) }
  return [{ put: 'job', job }, history(job, { message: 'Job submitted', topic: topics.submission }, now)]
}

const updateTold = 'Job updated'
const rerunTold = 'Job rerun requested'
const updateReason = 'Job update requested by user'
const rerunReason = 'job rerun'

/** What the state of a new version says, by the first entry of its history; undefined for a job that is new as a whole. */
export function pendingMessage(told: string): string | undefined {
  return told === updateTold ? updateReason : told === rerunTold ? rerunReason : undefined
}

/** A new version of a job: what a spec may change, the rest as it was. */
export function updated({ latest }: JobRecord, spec: Job, now: number): Change[] {
  const { Priority, Count, Constraints, Meta, Labels, Tasks } = spec
  const State = { StateType: 'Pending', Message: updateReason } as const
  const job: Job = { ...nextVersion(latest, now), Priority, Count, Constraints, Meta, Labels, Tasks, State }
  return [{ put: 'job', job }, history(job, { message: updateTold, topic: topics.submission }, now)]
}

function nextVersion(latest: Job, now: number): Job {
  return { ...latest, Version: latest.Version + 1, Revision: latest.Revision + 1, ModifyTime: nanoseconds(now) }
}

const rerunnable = new Set(['Running', 'Completed', 'Failed', 'Stopped'])

/**
 * A new version with the spec of an earlier one.
 * @param version 0: the latest
 * @throws ApiError
 */
export function rerun({ id, latest, versions }: JobRecord, version: number, now: number): { readonly changes: Change[]; readonly version: number } {
  const source = version === 0 ? latest : versions.get(version)
  if (source === undefined) throw new ApiError('BadRequest', `job version ${String(version)} not found for job ${id}`, { component: 'JobStore' })
  const { StateType } = source.State
  if (!rerunnable.has(StateType)) {
    throw new ApiError('', `cannot rerun job in state ${StateType}`, {
      component: 'Bacalhau',
      hint: 'try to use the job run command instead of the job rerun command',
    })
  }
  const { Priority, Count, Constraints, Meta, Labels, Tasks } = source
  const job: Job = {
    ...nextVersion(latest, now),
    Priority,
    Count,
    Constraints,
    Meta,
    Labels,
    Tasks,
    State: { StateType: 'Pending', Message: rerunReason },
  }
  const told = { message: rerunTold, topic: topics.submission, details: { Reason: rerunReason } }
  return { changes: [{ put: 'job', job }, history(job, told, now)], version: job.Version }
}

/**
 * Stops a job; nothing when it is stopped already.
 * @throws ApiError for one that has ended otherwise
 */
export function stopped({ id, latest }: JobRecord, reason: string, now: number): Change[] {
  const { StateType } = latest.State
  if (StateType === 'Stopped') return []
  if (StateType === 'Completed') throw new ApiError('', `cannot stop job in state ${StateType}`, { component: 'Bacalhau' })
  if (terminalJobStates.has(StateType)) {
    throw new ApiError('ConflictJobState', `job ${id} is in terminal state ${StateType} and cannot transition to Stopped`, { component: 'JobStore' })
  }
  const State = { StateType: 'Stopped', ...(reason === '' ? {} : { Message: reason }) } as const
  return [
    { patch: 'job', id, version: latest.Version, fields: { State, Revision: latest.Revision + 1, ModifyTime: nanoseconds(now) } },
    history(latest, { message: 'Job requested to stop before completion', topic: topics.scheduling, details: { Reason: reason } }, now),
  ]
}

/** @throws ApiError for a job that has not ended, or of which something still runs */
export function deleted({ id, latest, executions }: JobRecord): Change[] {
  if (terminalJobStates.has(latest.State.StateType) && [...executions.values()].some((execution) => !isTerminalExecution(execution))) {
    throw new ApiError('ConflictJobState', `job ${id} has ended, but some of its executions are still being stopped`, {
      component: 'JobStore',
      hint: 'Try again in a moment.',
      status: 409,
    })
  }
  if (!terminalJobStates.has(latest.State.StateType)) {
    throw new ApiError('ConflictJobState', `job ${id} is ${latest.State.StateType} and can be deleted only when it has ended`, {
      component: 'JobStore',
      hint: 'Stop the job first.',
      status: 409,
    })
  }
  return [{ drop: 'job', id }]
}
