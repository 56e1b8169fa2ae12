import type { Evaluation, EvaluationTrigger } from '../../../shared/models/evaluation'
import type { Job } from '../../../shared/models/job'
import { topics } from '../../../shared/models/job-history'
import { history } from '../scheduling/history'
import type { Change } from '../scheduling/plan'

/** The pause after the first failure; doubled for each one after it. */
const firstRetryMs = 1000
const longestRetryMs = 300_000

const triggers: readonly EvaluationTrigger[] = [
  'job-register',
  'job-update',
  'job-rerun',
  'job-cancel',
  'job-queue',
  'job-timeout',
  'exec-update',
  'exec-timeout',
  'exec-limit',
  'node-join',
  'node-leave',
  'restart',
]

/** A job has at most one stored look for each trigger. */
const idOf = (jobId: string, trigger: EvaluationTrigger): string => `${jobId}/${trigger}`

/** Makes the stored looks of a job those that it needs from now on. */
export function evaluationsAfter(
  job: Job,
  wanted: readonly { readonly trigger: EvaluationTrigger; readonly dueAt: number }[],
  stored: ReadonlyMap<string, Evaluation>,
): Change[] {
  // As with most jobs most of the time.
  if (wanted.length === 0 && stored.size === 0) return []
  return triggers.flatMap((trigger): Change[] => {
    const id = idOf(job.ID, trigger)
    const before = stored.get(id)
    const dues = wanted.filter((one) => one.trigger === trigger).map(({ dueAt }) => Math.ceil(dueAt))
    if (dues.length === 0) return before === undefined ? [] : [{ drop: 'evaluation', id }]
    const dueAt = Math.min(...dues)
    if (before?.dueAt === dueAt && before.tries === 0) return []
    return [{ put: 'evaluation', evaluation: { id, jobId: job.ID, type: job.Type, trigger, priority: job.Priority, dueAt, tries: 0 } }]
  })
}

/**
 * After a scheduler's exception: another try later, or after too many of them a dead letter that people can see.
 * @param tries failures before this one
 */
export function retryAfter(
  job: Job,
  trigger: EvaluationTrigger,
  { tries, mostTries, reason, now }: { readonly tries: number; readonly mostTries: number; readonly reason: string; readonly now: number },
): Change[] {
  const id = idOf(job.ID, trigger)
  if (tries + 1 < mostTries) {
    const dueAt = now + Math.min(longestRetryMs, firstRetryMs * 2 ** tries)
    return [{ put: 'evaluation', evaluation: { id, jobId: job.ID, type: job.Type, trigger, priority: job.Priority, dueAt, tries: tries + 1 } }]
  }
  const message = `The scheduler failed on this job ${mostTries === 1 ? 'once' : `${String(mostTries)} times`} and gives up: ${reason}`
  const details = { IsError: 'true', Hint: 'Stop the job, or run it again.' }
  return [
    { put: 'dead-letter', deadLetter: { jobId: job.ID, trigger, reason, at: now } },
    history(job, { message, topic: topics.scheduling, details }, now),
  ]
}
