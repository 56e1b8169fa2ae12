import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { JsonText } from '../../../../electron/http/reply/json-text'
import { createLogger } from '../../../../electron/log/logger'
import type { LogEntry } from '../../../../electron/log/logger'
import { jobReadHandlers } from '../../../../electron/orchestrator/api/job-read-handlers'
import { created, deleted, stopped } from '../../../../electron/orchestrator/jobs/job-changes'
import type { JobCore } from '../../../../electron/orchestrator/jobs/job-core'
import type { JobCoreOptions } from '../../../../electron/orchestrator/jobs/job-core'
import type { JobsEntry } from '../../../../electron/orchestrator/jobs/job-record'
import { JobState } from '../../../../electron/orchestrator/jobs/job-state'
import { schedule } from '../../../../electron/orchestrator/scheduling/schedule'
import { AppError } from '../../../../shared/errors'
import { isTerminalExecution } from '../../../../shared/models/execution-state'
import { computeStates, desiredStates } from '../../../../shared/models/execution'
import { coreOver } from '../../../fixtures/orchestrator/core-on-slow-disk'
import { keptJob } from '../../../fixtures/orchestrator/kept-jobs'
import { storedExecution } from '../../../fixtures/orchestrator/stored-execution'
import { jobOf, nodeOf } from '../scheduling/scheduling-cases'

const job = keptJob(1)
let records: JobsEntry[]
let trouble: AppError | undefined
let look: JobCoreOptions['look']
let changed: JobCoreOptions['onChanged']
let applied: JobCoreOptions['onApplied']
let looks: string[]
let durable: number
let entries: LogEntry[]
let core: JobCore

/** The fold of all that is stored, as a start makes it. */
function folded(): JobState {
  const state = new JobState()
  // As a disk has it: in other objects.
  for (const { changes } of JSON.parse(JSON.stringify(records)) as JobsEntry[]) state.apply(changes)
  return state
}
function begin(): JobCore {
  return coreOver(folded(), {
    append: (record) => {
      if (trouble !== undefined) return Promise.reject(trouble)
      records.push(record)
      return Promise.resolve(records.length)
    },
    reload: () => Promise.resolve(folded()),
    look: (...all) => {
      looks.push(all[2])
      return look(...all)
    },
    onChanged: (transitions) => changed(transitions),
    onApplied: (transitions) => applied(transitions),
    onDurable: () => (durable += 1),
    log: createLogger({ sinks: [{ write: (entry) => entries.push(entry) }], level: 'debug', secrets: () => [] }),
  })
}
beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) })
  records = []
  trouble = undefined
  looks = []
  durable = 0
  entries = []
  look = () => ({ changes: [], evaluate: [], waiting: false })
  changed = () => undefined
  applied = () => undefined
  core = begin()
})
afterEach(() => {
  core.stop()
  vi.useRealTimers()
})
const submit = () => core.transact(job.ID, 'job-register', () => ({ changes: created(job, Date.now()), value: job.ID }))

it('a scheduler that fails is asked again with growing pauses, across a restart, until it is given up where people can see it', async () => {
  look = () => {
    throw new Error('no rule for this')
  }
  core.start()
  await submit()
  expect([...core.state.evaluations.values()]).toMatchObject([{ trigger: 'job-register', tries: 1 }])
  await vi.advanceTimersByTimeAsync(1000)
  expect([...core.state.evaluations.values()]).toMatchObject([{ tries: 2 }])
  expect(looks).toHaveLength(2)

  core.stop()
  core = begin()
  core.start()
  await vi.advanceTimersByTimeAsync(1999)
  expect(looks).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(looks).toHaveLength(3)
  expect(core.state.evaluations.size).toBe(0)
  expect(core.state.deadLetters.get(job.ID)).toMatchObject({ trigger: 'job-register', reason: 'no rule for this' })
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(looks).toHaveLength(3)
  // It is told where people look: in the job's history, and in the log.
  const { jobHistory } = jobReadHandlers(core)
  const answer = JSON.stringify(
    await jobHistory({
      params: { id: job.ID },
      query: { limit: 0, since: 0, job_version: 0, all_job_versions: false },
      header: () => undefined,
    } as unknown as Parameters<typeof jobHistory>[0]),
  )
  expect(answer).toContain('The scheduler failed on this job 3 times and gives up: no rule for this')
  expect(entries.filter(({ level, message }) => level === 'error' && message === 'A scheduler failed on a job')).toHaveLength(3)

  // A person acts, and the scheduler knows what to do by now.
  look = () => ({ changes: [], evaluate: [], waiting: false })
  await core.transact(job.ID, 'job-cancel', (state) => ({ changes: stopped(state.job(job.ID) ?? never(), 'enough', Date.now()), value: undefined }))
  expect(folded().job(job.ID)?.latest.State.StateType).toBe('Stopped')
})

it('what cannot be stored has not happened: callers are told, memory is what is stored, and it goes on by itself', async () => {
  core.start()
  await submit()
  trouble = new AppError('ledger.full', 'There is no room left.', { hint: 'Free disk space.' })
  const second = keptJob(2)
  const refused = {
    code: 'ServiceUnavailable',
    status: 503,
    message: expect.stringContaining('There is no room left') as string,
    hint: 'Free disk space.',
  }
  await expect(core.transact(second.ID, 'job-register', () => ({ changes: created(second, 1), value: 1 }))).rejects.toMatchObject(refused)
  expect(core.refusal).toBe(trouble)
  await expect(submit()).rejects.toMatchObject(refused)
  await expect(core.change([{ drop: 'job', id: job.ID }])).rejects.toMatchObject(refused)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(core.refusal).toBe(trouble)
  looks = []
  trouble = undefined
  await vi.advanceTimersByTimeAsync(5000)
  expect(core.refusal).toBeUndefined()
  expect([...core.state.jobs.keys()]).toEqual([job.ID])
  // What nobody may have told it meanwhile is looked for.
  expect(looks).toEqual(['restart'])
  await core.transact(second.ID, 'job-register', () => ({ changes: created(second, 1), value: 1 }))
  expect([...folded().jobs.keys()]).toEqual([job.ID, second.ID])
})

it('a job with more executions than fit into one record is stopped in steps, also when the orchestrator starts again in between', async () => {
  const many = 1200
  let ids = 0
  look = (one, state, trigger, now) => {
    const plan = schedule({
      job: one,
      submittedAt: now,
      executions: [...(state.job(one.ID)?.executions.values() ?? [])],
      nodes: () => Array.from({ length: many }, (_, at) => nodeOf(`n-${String(at)}`)),
      standing: () => 'connected',
      takes: () => ({}),
      trigger,
      now,
      ids: { execution: () => `e-${String((ids += 1))}`, evaluation: () => 'v' },
      random: () => 0,
      limits: { perLook: 20, perLookDelayMs: 100, queueBackoffMs: 60_000, timeoutGraceMs: 120_000 },
    })
    return { changes: plan.changes, evaluate: plan.evaluate, waiting: plan.waiting !== undefined }
  }
  core.start()
  const ops = jobOf('ops')
  await core.transact(ops.ID, 'job-register', () => ({ changes: created(ops, Date.now()), value: undefined }))
  await vi.advanceTimersByTimeAsync(100 * (many / 20))
  const live = () => [...(core.state.job(ops.ID)?.executions.values() ?? [])].filter((execution) => !isTerminalExecution(execution)).length
  expect(live()).toBe(many)
  await core.transact(ops.ID, 'job-cancel', (state) => ({ changes: stopped(state.job(ops.ID) ?? never(), '', Date.now()), value: undefined }))
  expect(core.state.job(ops.ID)?.latest.State.StateType).toBe('Stopped')
  expect(live()).toBe(700)
  // What still runs must not be forgotten.
  expect(() => deleted(core.state.job(ops.ID) ?? never())).toThrow('still being stopped')
  core.stop()
  core = begin()
  expect(live()).toBe(700)
  core.start()
  await vi.advanceTimersByTimeAsync(1000)
  expect(live()).toBe(0)
  expect(core.state.evaluations.size).toBe(0)
  expect(Math.max(...records.map((record) => JSON.stringify(record).length))).toBeLessThan(600_000)
})

it('tells nobody of what is not durable', async () => {
  trouble = new AppError('ledger.unavailable', 'Away.')
  await expect(submit()).rejects.toMatchObject({ code: 'ServiceUnavailable' })
  expect(durable).toBe(0)
  trouble = undefined
  await vi.advanceTimersByTimeAsync(1000)
  await submit()
  expect(durable).toBe(1)
})

it('is still while somebody needs memory and disk to be the same, and nothing is lost that comes meanwhile', async () => {
  core.start()
  const order: string[] = []
  const first = submit().then(() => order.push('first'))
  const still = core.whileStill(() => {
    order.push('still')
    expect(JSON.stringify([...core.state.jobs])).toBe(JSON.stringify([...folded().jobs]))
  })
  const second = core.change([{ drop: 'job', id: job.ID }]).then(() => order.push('second'))
  await vi.runAllTimersAsync()
  await Promise.all([first, still, second])
  expect(order).toEqual(['first', 'still', 'second'])
})

it('lets the processor rest while it waits for the disk to be still', async () => {
  let store: () => void = () => undefined
  const slow = coreOver(folded(), { append: () => new Promise((resolve) => (store = () => resolve(1))) })
  const change = slow.change(created(job, Date.now()))
  let isStill = false
  const still = slow.whileStill(() => (isStill = true))
  await vi.advanceTimersByTimeAsync(1000)
  expect(isStill).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
  store()
  await vi.runAllTimersAsync()
  await Promise.all([change, still])
  expect(isStill).toBe(true)
  slow.stop()
})

it('books of what executions take are right before anything is decided on them', async () => {
  const execution = storedExecution('e-1', job, 'n-1', { DesiredState: { StateType: desiredStates.Running } })
  const seen: string[] = []
  changed = (transitions) => seen.push(...transitions.map(({ current }) => `${current.ID} ${String(current.ComputeState.StateType)}`))
  look = (_, __, trigger) => {
    seen.push(trigger)
    return { changes: trigger === 'job-register' ? [{ put: 'execution', execution }] : [], evaluate: [], waiting: false }
  }
  await submit()
  const { Completed, New } = computeStates
  const fields = { ComputeState: { StateType: Completed } }
  await core.transact(job.ID, 'exec-update', () => ({ changes: [{ patch: 'execution', id: 'e-1', fields }], value: undefined }))
  expect(seen).toEqual(['job-register', `e-1 ${String(New)}`, `e-1 ${String(Completed)}`, 'exec-update'])
})

it('what others decide on a change at once is stored after it', async () => {
  const execution = storedExecution('e-1', job, 'n-1', { DesiredState: { StateType: desiredStates.Running } })
  const fields = { ComputeState: { StateType: computeStates.Failed } }
  look = (_, __, trigger) => {
    if (trigger === 'job-register') return { changes: [{ put: 'execution', execution }], evaluate: [], waiting: false }
    return { changes: trigger === 'node-leave' ? [{ patch: 'execution', id: 'e-1', fields }] : [], evaluate: [], waiting: false }
  }
  // Its node turns out to be gone.
  applied = (transitions) => {
    if (transitions[0]?.previous === undefined) core.look(job.ID, 'node-leave')
  }
  await submit()
  await core.durable()
  expect(core.state.execution('e-1')?.ComputeState.StateType).toBe(computeStates.Failed)
  expect(folded().execution('e-1')).toEqual(core.state.execution('e-1'))
})

function never(): never {
  throw new Error('the job is gone')
}

it('who is told that nothing is left to do is told so no sooner than what leaves nothing is durable', async () => {
  let store: () => void = () => undefined
  const slow = coreOver(folded(), { append: () => new Promise((resolve) => (store = () => resolve(1))) })
  const answers: string[] = []
  const first = slow
    .transact(job.ID, 'job-register', () => ({ changes: created(job, Date.now()), value: 'made' }))
    .then((value) => answers.push(value))
  const second = slow.transact(job.ID, 'job-update', () => ({ changes: [], value: 'is there' })).then((value) => answers.push(value))
  const third = slow
    .transact(job.ID, 'job-update', () => {
      throw new Error('is there already')
    })
    .catch((error: unknown) => answers.push(String(error)))
  await vi.advanceTimersByTimeAsync(1000)
  expect(answers).toEqual([])
  store()
  await Promise.all([first, second, third])
  expect(answers.sort()).toEqual(['Error: is there already', 'is there', 'made'])
  slow.stop()
})

it('who follows a history hears of nothing that may still be lost', async () => {
  const stores: (() => void)[] = []
  const slow = coreOver(folded(), { append: () => new Promise((resolve) => stores.push(() => resolve(1))) })
  const { jobHistory } = jobReadHandlers(slow)
  const read = async (next_token = '') => {
    const query = { limit: 0, since: 0, job_version: 0, all_job_versions: false, next_token }
    const answer = await jobHistory({ params: { id: job.ID }, query, header: () => undefined } as unknown as Parameters<typeof jobHistory>[0])
    const { Items, NextToken } = JSON.parse((answer as JsonText<unknown>).text) as { Items: { Event: { Message: string } }[]; NextToken: string }
    return { told: Items.map(({ Event }) => Event.Message), NextToken }
  }
  const made = slow.change(created(job, Date.now()))
  const first = read()
  const end = slow.change(stopped(slow.state.job(job.ID) ?? never(), '', Date.now()))
  stores[0]?.()
  await made
  // The job has ended in memory; there is more to come all the same.
  const { told, NextToken } = await first
  expect(told).toEqual(['Job submitted'])
  expect(NextToken).not.toBe('')
  const second = read(NextToken)
  stores[1]?.()
  await end
  expect(await second).toEqual({ told: ['Job requested to stop before completion'], NextToken: '' })
  slow.stop()
})

it('a look whose time comes while memory must be still waits for the end of that', async () => {
  look = (_, __, trigger, now) => ({
    changes: [],
    evaluate: trigger === 'job-register' ? [{ trigger: 'job-queue', dueAt: now + 1 }] : [],
    waiting: false,
  })
  core.start()
  await submit()
  const stored = records.length
  const seen = core.whileStill(() => [core.state.evaluations.size, folded().evaluations.size, looks.length])
  vi.advanceTimersByTime(5)
  expect(await seen).toEqual([1, 1, 1])
  await vi.advanceTimersByTimeAsync(5)
  expect(looks).toEqual(['job-register', 'job-queue'])
  expect(records.length).toBe(stored + 1)
})
