import type { ReadonlyJobState } from './job-state'

/**
 * Moments at which jobs are created, in Unix milliseconds: never two alike, because lists and their pages are in this order, after a restart
 * as before.
 */
export function creationClock(now: () => number, { jobs }: ReadonlyJobState): () => number {
  let last = 0
  for (const { head } of jobs.values()) last = Math.max(last, head.CreateTime / 1_000_000)
  return () => (last = Math.max(now(), last + 0.001))
}
