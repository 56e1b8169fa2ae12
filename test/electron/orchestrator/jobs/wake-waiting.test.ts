import { afterEach, expect, it } from 'vitest'
import { createLogger } from '../../../../electron/log/logger'
import { created } from '../../../../electron/orchestrator/jobs/job-changes'
import { JobCore } from '../../../../electron/orchestrator/jobs/job-core'
import { JobState } from '../../../../electron/orchestrator/jobs/job-state'
import { wakeWaiting } from '../../../../electron/orchestrator/jobs/wake-waiting'
import { computeStates } from '../../../../shared/models/execution'
import type { Job } from '../../../../shared/models/job'
import type { SchedulingNode } from '../../../../electron/orchestrator/scheduling/scheduling-input'
import { lostWithNode } from '../../../../shared/placement/lost-execution'
import { rankNodes } from '../../../../shared/placement/rank-nodes'
import { eventually } from '../../../fixtures/eventually'
import { keptJob } from '../../../fixtures/orchestrator/kept-jobs'
import { storedExecution } from '../../../fixtures/orchestrator/stored-execution'
import { nodeOf } from '../scheduling/scheduling-cases'

/** A node with room, for jobs that care for what they have been through. */
let node: SchedulingNode | undefined
/** Places by the CPU that a job asks for; a job waits while there is none of its kind. */
let room = new Map<string, number>()
let started: string[] = []
let looks: string[] = []
const cpuOf = (job: Job): string => job.Tasks[0]?.Resources.CPU ?? ''
const core = new JobCore(new JobState(), {
  append: () => Promise.resolve(1),
  reload: () => Promise.resolve(new JobState()),
  clock: { now: Date.now, monotonic: () => performance.now() },
  look: (job, state) => {
    looks.push(job.ID)
    const executions = [...(state.job(job.ID)?.executions.values() ?? [])]
    if (node !== undefined) {
      const { suitable } = rankNodes({ job, nodes: [node.candidate], executions, random: () => 0 })
      if (suitable.length > 0) started.push(job.ID)
      return { changes: [], evaluate: [], waiting: suitable.length === 0 }
    }
    const left = room.get(cpuOf(job)) ?? 0
    if (left === 0) return { changes: [], evaluate: [], waiting: true }
    room.set(cpuOf(job), left - 1)
    started.push(job.ID)
    return { changes: [], evaluate: [], waiting: false }
  },
  mostTries: () => 1,
  onReloaded: () => undefined,
  onChanged: () => undefined,
  onApplied: () => undefined,
  onDurable: () => undefined,
  log: createLogger({ sinks: [], level: 'error', secrets: () => [] }),
})
const waker = wakeWaiting(core)
let n = 0
afterEach(async () => {
  node = undefined
  room = new Map([
    ['1', 1e9],
    ['2', 1e9],
  ])
  waker.wake()
  await eventually('nobody waits', () => core.waiting.size === 0)
  room = new Map()
  started = []
  looks = []
})

function never(): never {
  throw new Error('the job is gone')
}

async function wait(CPU: string, Priority = 0): Promise<string> {
  const base = keptJob((n += 1))
  const job = { ...base, Priority, Tasks: base.Tasks.map((task) => ({ ...task, Resources: { CPU } })) }
  await core.transact(job.ID, 'job-register', () => ({ changes: created(job, n), value: undefined }))
  expect(core.waiting.has(job.ID)).toBe(true)
  return job.ID
}

it('starts as many as fit, the more urgent first, the older among equals', async () => {
  const [old, young, urgent, low] = [await wait('1'), await wait('1'), await wait('1', 5), await wait('1', -1)]
  room.set('1', 3)
  waker.wake()
  await eventually('three have begun', () => started.length === 3)
  expect(started).toEqual([urgent, old, young])
  expect(core.waiting.has(low)).toBe(true)
})

it('a large job that finds no room does not keep a small one from it', async () => {
  const large = await wait('2', 9)
  const small = await wait('1')
  room.set('1', 1)
  waker.wake()
  await eventually('the small one has begun', () => started.length === 1)
  expect(started).toEqual([small])
  expect(core.waiting.has(large)).toBe(true)
})

it('of many that ask for the same, one that finds no room speaks for all', async () => {
  for (let count = 0; count < 300; count += 1) await wait('1')
  const other = await wait('2', -1)
  looks = []
  room.set('1', 10)
  room.set('2', 1)
  waker.wake()
  await eventually('all that fit have begun', () => started.length === 11)
  expect(started.at(-1)).toBe(other)
  // Ten that fit, one that does not, and the other one.
  expect(looks).toHaveLength(12)
})

it('one that has failed on a node does not speak for one that only went down with it', async () => {
  const failed = (NodeID: string, Message: string) => ({ NodeID, ComputeState: { StateType: computeStates.Failed, Message } })
  const unlucky = [failed('n-1', lostWithNode('n-1')), failed('n-1', 'It crashed.')]
  const broken = [failed('n-1', 'It crashed.'), failed('n-1', 'It crashed.')]
  const [older, younger] = [await wait('1'), await wait('1')]
  for (const [id, ends] of [[older, broken] as const, [younger, unlucky] as const]) {
    const job = core.state.job(id)?.latest ?? never()
    const service: Job = { ...job, Type: 'service' }
    const executions = ends.map(
      (end, at) => ({ put: 'execution', execution: storedExecution(`${id}-e-${String(at)}`, service, 'n-1', end) }) as const,
    )
    await core.change([{ put: 'job', job: service }, ...executions])
  }
  node = nodeOf('n-1')
  waker.wake()
  await eventually('the younger one has begun', () => started.length === 1)
  expect(started).toEqual([younger])
  expect(core.waiting.has(older)).toBe(true)
})

it('room that appears during a pass is not forgotten', async () => {
  const ids = [await wait('1'), await wait('1')]
  room.set('1', 1)
  waker.wake()
  waker.wake()
  setImmediate(() => {
    room.set('1', (room.get('1') ?? 0) + 1)
    waker.wake()
  })
  await eventually('both have begun', () => started.length === 2)
  expect(started).toEqual(ids)
})

it('does nothing after its end', async () => {
  const [id] = [await wait('1')]
  const mine = wakeWaiting(core)
  looks = []
  room.set('1', 1)
  mine.wake()
  mine.stop()
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  expect(looks).toEqual([])
  expect(core.waiting.has(id)).toBe(true)
})
