import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodeEnvelope } from '../../../electron/transport/ncl/envelope'
import type { Job } from '../../../shared/models/job'
import { subjects } from '../../../shared/wire/subjects'
import { eventually } from '../../fixtures/eventually'
import { jobsApi } from '../../fixtures/jobs-api'
import type { JobsApi } from '../../fixtures/jobs-api'
import { WorkingNode } from '../../fixtures/orchestrator/working-node'
import { startWorld } from '../../fixtures/orchestrator/world'
import type { World } from '../../fixtures/orchestrator/world'

let world: World
let honest: WorkingNode
let vandal: WorkingNode
let api: JobsApi
let others: { readonly job: string; readonly execution: string }
const spec = (on: string) => ({
  Type: 'batch',
  Count: 1,
  Constraints: [{ Key: 'name', Operator: '=', Values: [on] }],
  Tasks: [{ Name: 'main', Engine: { Type: 'wasm', Params: { EntryModule: '/m.wasm' } }, Resources: { CPU: '10m', Memory: '1kb' } }],
})

beforeAll(async () => {
  world = await startWorld()
  api = jobsApi(world.api.url)
  honest = new WorkingNode(await world.join('honest'), 'honest')
  vandal = new WorkingNode(await world.join('vandal'), 'vandal')
  for (const node of [honest, vandal]) {
    node.onAccepted = 'wait'
    await node.join()
  }
  const job = await api.submit(spec('honest'))
  await api.until(job, 'Running')
  others = { job, execution: (await api.executions(job))[0]?.ID ?? '' }
})
afterAll(() => world.stop())

const results = ['BidResult', 'RunResult', 'ComputeError'] as const
const value = fc.oneof(
  fc.json().map((text) => JSON.parse(text) as unknown),
  fc.constantFrom(null, -1, 2 ** 53, '', 'x'.repeat(10_000), {}, []),
)
const events = fc.oneof(
  value,
  fc.array(fc.record({ Message: value, Topic: value, Timestamp: value, Details: value }, { requiredKeys: [] }), { maxLength: 3 }),
)
const fields = fc.record(
  {
    Accepted: fc.oneof(fc.boolean(), value),
    Events: events,
    PublishResult: fc.oneof(value, fc.record({ Type: value, Params: value })),
    RunCommandResult: fc.oneof(value, fc.record({ Stdout: value, ExitCode: value, ErrorMsg: value }, { requiredKeys: [] })),
    JobID: value,
    JobType: value,
  },
  { requiredKeys: [] },
)
const everythingOf = async (id: string): Promise<string> => JSON.stringify([await api.job(id), await api.executions(id), await api.history(id)])

it('what a node tells of the work of another one changes nothing, and is taken so that it does not come again', async () => {
  const before = await everythingOf(others.job)
  let n = 1000
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...results), fields, async (type, more) => {
      n += 1
      const payload = { ...more, ExecutionID: others.execution }
      const { data, headers } = encodeEnvelope({ type, payload, source: 'vandal', metadata: { 'Bacalhau-SeqNum': String(n) } })
      const reply = await vandal.played.link.request(subjects('vandal').toOrchestrator, data, { timeoutMs: 3000, headers })
      expect(Buffer.from(reply.data).toString()).toMatch(/^\{/)
    }),
    { numRuns: 150 },
  )
  expect(await everythingOf(others.job)).toBe(before)
}, 30_000)

it('whatever a node says of its own execution, the job ends by some rule, or goes on; everything can still be read', async () => {
  let n = 100_000
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...results), fields), { minLength: 1, maxLength: 4 }), async (messages) => {
      const id = await api.submit(spec('vandal'))
      await api.until(id, 'Running')
      const [execution] = await api.executions(id)
      for (const [type, more] of messages) {
        n += 1
        const payload = { ...more, ExecutionID: execution?.ID ?? '' }
        const { data, headers } = encodeEnvelope({ type, payload, source: 'vandal', metadata: { 'Bacalhau-SeqNum': String(n) } })
        await vandal.played.link.request(subjects('vandal').toOrchestrator, data, { timeoutMs: 3000, headers })
      }
      const { State } = await api.job(id)
      expect(['Running', 'Queued', 'Pending', 'Completed', 'Failed']).toContain(State.StateType)
      for (const { Event } of await api.history(id)) expect(typeof Event.Message).toBe('string')
      await fetch(`${world.api.url}/api/v1/orchestrator/jobs/${id}`, { method: 'DELETE' })
    }),
    { numRuns: 40 },
  )
}, 60_000)

it('words without end from a node, or from who stops a job, are cut, and hold up nobody', async () => {
  const endless = 'w'.repeat(900_000)
  const many = (Message: string) =>
    Array.from({ length: 20 }, () => ({ Message, Topic: Message, Timestamp: Message, Details: { [Message]: Message } }))
  const messages: readonly (readonly ['RunResult' | 'ComputeError', object])[] = [
    ['ComputeError', { Events: [{ Message: endless, Topic: 'x', Timestamp: '' }] }],
    ['ComputeError', { Events: many('w'.repeat(9000)) }],
    ['ComputeError', { Events: many('\u0001'.repeat(1400)) }],
    ['RunResult', { RunCommandResult: { Stdout: endless, ExitCode: 0 } }],
    ['RunResult', { RunCommandResult: { Stdout: '', stderr: endless, ExitCode: 1 } }],
    ['RunResult', { PublishResult: { Type: 'local', Params: { URL: endless } } }],
  ]
  for (const [type, more] of messages) {
    const id = await api.submit(spec('vandal'))
    await api.until(id, 'Running')
    const execution = (await api.executions(id))[0]?.ID ?? ''
    expect(await vandal.say(type, execution, more)).toBe('{}')
    // The next one is taken at once: nothing has come to a standstill.
    const next = await api.submit(spec('honest'))
    const after = await api.executions(id)
    expect(after.find(({ ID }) => ID === execution)?.ComputeState.StateType).toBe(type === 'RunResult' ? 9 : 10)
    expect(JSON.stringify(await everythingOf(id)).length).toBeLessThan(300_000)
    for (const job of [id, next]) {
      await fetch(`${world.api.url}/api/v1/orchestrator/jobs/${job}`, {
        method: 'DELETE',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ reason: endless }),
      })
    }
    expect((await api.job(next)).State.Message).toMatch(/^w{4096} … \(900000 characters\)$/)
  }
  expect(world.entries.filter(({ level }) => level === 'error')).toEqual([])
}, 30_000)

it('garbage over HTTP on every route of jobs is answered as an error or as what was asked', async () => {
  const path = fc.constantFrom(
    '',
    '/diff',
    '/preview',
    `/${others.job}`,
    `/${others.job}/executions`,
    `/${others.job}/history`,
    `/${others.job}/versions`,
    `/${others.job}/results`,
    `/${others.job}/logs`,
    '/%00',
    `/${'j'.repeat(3000)}`,
  )
  const broken = fc.record(
    {
      Type: value,
      Count: value,
      Tasks: fc.oneof(value, fc.array(value, { maxLength: 2 })),
      Constraints: value,
      Labels: value,
      Meta: value,
      Priority: value,
      Name: value,
    },
    { requiredKeys: [] },
  )
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    broken.map((Job) => JSON.stringify({ Job })),
    broken.map((change) => JSON.stringify({ Job: { ...spec('nobody'), ...change } })),
  )
  const before = await everythingOf(others.job)
  await fc.assert(
    fc.asyncProperty(path, fc.constantFrom('GET', 'PUT', 'POST', 'PATCH'), fc.webQueryParameters(), body, async (target, method, query, text) => {
      const response = await fetch(`${world.api.url}/api/v1/orchestrator/jobs${target}?${query}`, {
        method,
        headers: { 'Content-Type': 'application/json' },
        ...(method === 'GET' ? {} : { body: text }),
      })
      const reply = (await response.json()) as { readonly Status?: number }
      expect([200, 400, 404, 409, 500]).toContain(response.status)
      if (response.status !== 200) expect(reply.Status).toBe(response.status)
    }),
    { numRuns: 300 },
  )
  expect(await everythingOf(others.job)).toBe(before)
}, 60_000)

it('has left the honest node and its job alone, and a restart reads all of it again', async () => {
  expect(world.entries.filter(({ level, message }) => level === 'error' && /threw|fault|failed on a job/.test(message))).toEqual([])
  const list = async () => ((await (await fetch(`${world.api.url}/api/v1/orchestrator/jobs?limit=10000`)).json()) as { Items: Job[] }).Items
  const ids = (await list()).map(({ ID }) => ID)
  await honest.played.heartbeat(honest.position)
  await world.restart('kill')
  expect((await list()).map(({ ID }) => ID)).toEqual(ids)
  api = jobsApi(world.api.url)
  await honest.join()
  expect(await honest.complete(others.execution)).toBe('{}')
  await api.until(others.job, 'Completed')
  await eventually('the node is there', async () => (await world.node('honest'))?.Connection === 'CONNECTED')
})
