import { expect, it } from 'vitest'
import { evaluationsAfter, retryAfter } from '../../../../electron/orchestrator/jobs/evaluation-policy'
import type { Evaluation } from '../../../../shared/models/evaluation'
import { keptJob } from '../../../fixtures/orchestrator/kept-jobs'

const job = { ...keptJob(1), Priority: 7 }
const evaluation = (trigger: Evaluation['trigger'], dueAt: number, tries = 0): Evaluation => ({
  id: `${job.ID}/${trigger}`,
  jobId: job.ID,
  type: 'batch',
  trigger,
  priority: 7,
  dueAt,
  tries,
})
const stored = (...evaluations: Evaluation[]) => new Map(evaluations.map((one) => [one.id, one]))

it('stores the looks that a job needs, one for each trigger, the earliest of several', () => {
  const wanted = [
    { trigger: 'job-timeout', dueAt: 900.2 },
    { trigger: 'exec-timeout', dueAt: 500 },
    { trigger: 'exec-timeout', dueAt: 300.5 },
  ] as const
  expect(evaluationsAfter(job, wanted, stored())).toEqual([
    { put: 'evaluation', evaluation: evaluation('job-timeout', 901) },
    { put: 'evaluation', evaluation: evaluation('exec-timeout', 301) },
  ])
})

it('leaves alone what is stored already, puts off what has moved, drops what nobody needs any more', () => {
  const before = stored(evaluation('job-timeout', 901), evaluation('exec-timeout', 301), evaluation('job-queue', 50))
  const wanted = [
    { trigger: 'job-timeout', dueAt: 901 },
    { trigger: 'exec-timeout', dueAt: 400 },
  ] as const
  expect(evaluationsAfter(job, wanted, before)).toEqual([
    { drop: 'evaluation', id: `${job.ID}/job-queue` },
    { put: 'evaluation', evaluation: evaluation('exec-timeout', 400) },
  ])
  // What had failed and works now begins to count anew.
  expect(evaluationsAfter(job, [{ trigger: 'job-queue', dueAt: 50 }], stored(evaluation('job-queue', 50, 3)))).toEqual([
    { put: 'evaluation', evaluation: evaluation('job-queue', 50) },
  ])
  expect(evaluationsAfter(job, [], stored())).toEqual([])
})

it('tries again with growing pauses, so often as it is told, and gives up where people see it', () => {
  const pauses: number[] = []
  for (let tries = 0; tries < 11; tries += 1) {
    const [change] = retryAfter(job, 'exec-update', { tries, mostTries: 12, reason: 'no such field', now: 1000 })
    if (change === undefined || !('put' in change) || change.put !== 'evaluation') throw new Error('no other try')
    expect(change.evaluation.tries).toBe(tries + 1)
    pauses.push(change.evaluation.dueAt - 1000)
  }
  expect(pauses.slice(0, 4)).toEqual([1000, 2000, 4000, 8000])
  expect(Math.max(...pauses)).toBe(300_000)
  const end = retryAfter(job, 'exec-update', { tries: 11, mostTries: 12, reason: 'no such field', now: 1000 })
  expect(end).toMatchObject([
    { put: 'dead-letter', deadLetter: { jobId: job.ID, trigger: 'exec-update', reason: 'no such field', at: 1000 } },
    {
      add: 'history',
      jobId: job.ID,
      entry: {
        Event: {
          Message: 'The scheduler failed on this job 12 times and gives up: no such field',
          Details: { IsError: 'true', Hint: 'Stop the job, or run it again.' },
        },
      },
    },
  ])
  expect(retryAfter(job, 'job-queue', { tries: 0, mostTries: 1, reason: 'x', now: 1 })[0]).toMatchObject({ put: 'dead-letter' })
})
