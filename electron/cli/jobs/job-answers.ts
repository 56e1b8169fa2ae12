import type { Output } from '../../client/http-client'

/** A job as the API tells of it, by Shoal or by Bacalhau: fields may be missing. */
export type ShownJob = Output<'job'>['Job']
/** One entry of a job’s history, as the API tells it. */
export type ShownHistory = NonNullable<Output<'jobHistory'>['Items']>[number]
/** An execution as the API tells of it. */
export type ShownExecution = NonNullable<Output<'jobExecutions'>['Items']>[number]

/** What an answer holds under a key, as it came; an empty list when it holds none. */
export function rawItems(raw: unknown, key = 'Items'): readonly unknown[] {
  if (typeof raw !== 'object' || raw === null || !(key in raw)) return []
  const items: unknown = raw[key as keyof typeof raw]
  return Array.isArray(items) ? items : []
}

/** A job that nothing will happen to any more. */
export function isEnded(job: ShownJob): boolean {
  return ['completed', 'failed', 'stopped'].includes((job.State?.StateType ?? '').toLowerCase())
}

/** Whether it came to a bad end by itself; one that was stopped did not. */
export function isFailed(job: ShownJob): boolean {
  return job.State?.StateType.toLowerCase() === 'failed'
}

/** Services and daemons run until they are stopped: nobody waits for their end. */
export function isLongRunning(type: string): boolean {
  return type === 'service' || type === 'daemon'
}
