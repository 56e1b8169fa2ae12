import { expect, it } from 'vitest'
import { ArchivedRecord, rowOf } from '../../../../electron/orchestrator/archive/archived-record'
import { created } from '../../../../electron/orchestrator/jobs/job-changes'
import { JobState } from '../../../../electron/orchestrator/jobs/job-state'
import { keptJob } from '../../../fixtures/orchestrator/kept-jobs'

const now = Date.UTC(2026, 0, 1)
const nameless = { ...keptJob(1), Name: keptJob(1).ID }
const named = { ...keptJob(2), Name: 'wanted' }

function stateOf(...jobs: readonly (typeof named)[]): JobState {
  const state = new JobState()
  for (const job of jobs) state.apply(created(job, now))
  return state
}

function archive(state: JobState, id: string): void {
  const record = state.job(id)
  if (record === undefined) throw new Error(`no job ${id}`)
  state.archive(new ArchivedRecord({ ...rowOf(record), segment: 0, offset: 0, length: 1 }, () => record))
}

it.each([
  ['a job named after its id', nameless],
  ['a job with a name', named],
])('%s is found by its name in its own namespace, archived or not, until it is deleted', (_, job) => {
  const state = stateOf(nameless, named)
  const found = (): readonly (readonly string[])[] => [job.Namespace, 'elsewhere'].map((namespace) => state.byName(namespace, job.Name))
  expect(found()).toEqual([[job.ID], []])
  archive(state, job.ID)
  expect(found()).toEqual([[job.ID], []])
  state.apply([{ drop: 'job', id: job.ID }])
  expect(found()).toEqual([[], []])
})

it('a job that has a name is not found under its id as a name, and one named after the id of another stands behind that', () => {
  const twin = { ...keptJob(3), Name: nameless.ID }
  const state = stateOf(nameless, named, twin)
  expect(state.byName(named.Namespace, named.ID)).toEqual([])
  expect(state.byName(nameless.Namespace, nameless.ID)).toEqual([nameless.ID, twin.ID])
})

it('entries of a history are numbered within their job', () => {
  const state = stateOf(named)
  state.apply(created(nameless, now).slice(1))
  const [, submitted] = created(named, now)
  if (submitted !== undefined) state.apply([submitted, submitted])
  expect(state.job(named.ID)?.history.map(({ SeqNum }) => SeqNum)).toEqual([1, 2, 3])
  expect(state.job(nameless.ID)).toBeUndefined()
})
