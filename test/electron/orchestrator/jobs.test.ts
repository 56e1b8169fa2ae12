import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Execution } from '../../../shared/models/execution'
import type { Job } from '../../../shared/models/job'
import type { JobHistory } from '../../../shared/models/job-history'
import { eventually } from '../../fixtures/eventually'
import { startWorld } from '../../fixtures/orchestrator/world'
import type { World } from '../../fixtures/orchestrator/world'
import { WorkingNode } from '../../fixtures/orchestrator/working-node'

const spec = (change: object = {}, timeouts: object = {}) => ({
  Type: 'batch',
  Count: 1,
  Tasks: [{ Name: 'main', Engine: { Type: 'wasm', Params: { EntryModule: '/m.wasm' } }, Resources: { CPU: '1', Memory: '1mb' }, Timeouts: timeouts }],
  ...change,
})

function client(world: World) {
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${world.api.url}/api/v1/orchestrator/jobs${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const submit = async (job: object): Promise<string> => {
    const { status, body } = await ask('PUT', '', { Job: job })
    expect([status, body]).toMatchObject([200, { Warnings: null }])
    return body['JobID'] as string
  }
  const job = async (id: string) => (await ask('GET', `/${id}`)).body['Job'] as Job
  const executions = async (id: string) => (await ask('GET', `/${id}/executions?all_job_versions=true`)).body['Items'] as Execution[]
  const history = async (id: string) => (await ask('GET', `/${id}/history`)).body['Items'] as JobHistory[]
  const until = (id: string, state: string) => eventually(`${id} is ${state}`, async () => (await job(id)).State.StateType === state, 8000)
  return { ask, submit, job, executions, history, until }
}
const node = async (world: World, id: string) => new WorkingNode(await world.join(id), id)

describe('jobs on played nodes', () => {
  let world: World
  let api: ReturnType<typeof client>
  let worker: WorkingNode
  beforeAll(async () => {
    world = await startWorld()
    api = client(world)
    worker = await node(world, 'n-worker')
    await worker.join()
  })
  afterAll(() => world.stop())

  it('a batch job takes three records of the ledger and ends with the node’s output', async () => {
    const before = world.ledgerSequence()
    const id = await api.submit(spec())
    await api.until(id, 'Completed')
    // What is read may be ahead of the disk by what is under way.
    await eventually('all of it is stored', () => world.ledgerSequence() - before >= 3)
    expect(world.ledgerSequence() - before).toBe(3)
    const [execution] = await api.executions(id)
    expect(execution).toMatchObject({
      RunOutput: { Stdout: 'done\n' },
      ComputeState: { StateType: 9 },
      DesiredState: { StateType: 2 },
      NodeID: 'n-worker',
    })
    expect((await api.history(id)).map(({ SeqNum, Event }) => [SeqNum, Event.Topic])).toEqual([
      [1, 'Submission'],
      [2, 'Scheduling'],
      ...(await api.history(id)).slice(2).map(({ Event }, index) => [index + 3, Event.Topic]),
    ])
  })

  it('two hundred at once all end, each with one execution, and a late repetition changes nothing', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, () => api.submit(spec({}, { QueueTimeout: 60 }))))
    const isOver = new Set<string>()
    await eventually(
      'all have ended',
      async () => {
        const items = (await api.ask('GET', '')).body['Items'] as Job[]
        for (const { ID, State } of items) if (State.StateType === 'Completed') isOver.add(ID)
        return ids.every((id) => isOver.has(id))
      },
      20_000,
    )
    for (const id of ids) expect(await api.executions(id)).toHaveLength(1)
    const [first] = await api.executions(ids[0] ?? '')
    expect(await worker.complete(first?.ID ?? '', 'forged')).toBe('{}')
    expect(await worker.say('BidResult', 'e-nobody', { Accepted: true })).toBe('{}')
    expect((await api.executions(ids[0] ?? ''))[0]?.RunOutput.Stdout).toBe('done\n')
  }, 30_000)

  it('a waiting job runs as soon as a node that fits joins', async () => {
    const id = await api.submit(spec({ Constraints: [{ Key: 'rack', Operator: '=', Values: ['7'] }] }, { QueueTimeout: 60 }))
    await api.until(id, 'Queued')
    const late = await node(world, 'n-late')
    await late.join({ Labels: { rack: '7' } })
    await api.until(id, 'Completed')
    expect((await api.executions(id)).map(({ NodeID }) => NodeID)).toEqual(['n-late'])
    await late.played.link.close()
  })

  it('work on a node that dies goes elsewhere within a second', async () => {
    const dying = await node(world, 'n-dying')
    dying.onAccepted = 'wait'
    await dying.join({ Labels: { spare: 'yes' } })
    const id = await api.submit(spec({ Type: 'service', Constraints: [{ Key: 'spare', Operator: 'exists' }] }, {}))
    await api.until(id, 'Running')
    const heir = await node(world, 'n-heir')
    heir.onAccepted = 'wait'
    await heir.join({ Labels: { spare: 'yes' } })
    const before = performance.now()
    await dying.played.link.close()
    await eventually('the heir has it', () => heir.heard.some(({ type }) => type === 'AskForBid'))
    expect(performance.now() - before).toBeLessThan(1000)
    expect((await api.ask('DELETE', `/${id}`, { reason: 'enough' })).status).toBe(200)
    await eventually('the heir is told to stop', () => heir.heard.some(({ type }) => type === 'CancelExecution'))
    expect((await api.job(id)).State).toMatchObject({ StateType: 'Stopped', Message: 'enough' })
    // The one that died comes back where it stood, and is told that its execution is not wanted any more.
    const back = await node(world, 'n-dying')
    await back.join({ Labels: { spare: 'yes' } })
    await eventually('the returned node is told to stop', () => back.heard.some(({ type }) => type === 'CancelExecution'))
    await Promise.all([heir, back].map(({ played }) => played.link.close()))
  })

  it('what is too large to be sent is refused before anything else happens', async () => {
    const large = spec({ Tasks: [{ Name: 'main', Engine: { Type: 'wasm', Params: { Data: 'x'.repeat(1_048_000) } } }] })
    expect(await api.ask('PUT', '', { Job: large })).toMatchObject({ status: 400, body: { Code: 'BadRequest' } })
    // The largest one that is taken also fits into the ledger, and through to the node.
    const sized = (length: number) =>
      spec({
        Name: 'large',
        Tasks: [{ Name: 'main', Engine: { Type: 'wasm', Params: { Data: 'x'.repeat(length) } }, Resources: { CPU: '1', Memory: '1mb' } }],
      })
    const isTaken = async (job: object): Promise<boolean> => {
      const headers = { 'Content-Type': 'application/json' }
      return (await fetch(`${world.api.url}/api/v1/shoal/jobs/preview`, { method: 'POST', headers, body: JSON.stringify({ Job: job }) })).ok
    }
    let [fits, beyond] = [1_000_000, 1_048_000]
    while (beyond - fits > 1) {
      const middle = Math.floor((fits + beyond) / 2)
      if (await isTaken(sized(middle))) fits = middle
      else beyond = middle
    }
    expect((await api.ask('PUT', '', { Job: sized(beyond) })).status).toBe(400)
    await api.submit(sized(fits))
    await api.until('large', 'Completed')
  })

  it('a name stands for a job, a second spec under it is a new version, and the same spec is no change', async () => {
    const id = await api.submit(spec({ Name: 'named' }))
    await api.until('named', 'Completed')
    expect(await api.ask('PUT', '', { Job: spec({ Name: 'named' }) })).toMatchObject({ status: 500, body: { Code: '', Component: 'Bacalhau' } })
    expect(await api.submit(spec({ Name: 'named', Labels: { stage: 'two' } }))).toBe(id)
    await api.until('named', 'Completed')
    expect(await api.ask('PUT', '/named/rerun', { JobVersion: 1 })).toMatchObject({ status: 200, body: { JobVersion: 3 } })
    await eventually('it ran again', async () => (await api.executions(id)).length === 3)
    await api.until('named', 'Completed')
    expect(await api.ask('PUT', '/nope/rerun', {})).toMatchObject({ status: 400, body: { Code: 'BadRequest', Message: 'job not found: nope' } })
    expect(await api.ask('GET', '/j-')).toMatchObject({ status: 500, body: { Code: 'MultipleJobsFound' } })
    expect((await api.ask('GET', '/named?job_version=9')).body).toMatchObject({ Code: 'NotFound', Message: `job version 9 not found for job ${id}` })
  })
})

describe('restarts', () => {
  it.each(['stop', 'kill'] as const)('%s: all jobs are there, and what ran goes on', async (how) => {
    const world = await startWorld()
    try {
      const api = client(world)
      const worker = await node(world, 'n-worker')
      await worker.join()
      const done = await api.submit(spec())
      await api.until(done, 'Completed')
      worker.onAccepted = 'wait'
      const running = await api.submit(spec())
      await api.until(running, 'Running')
      await worker.played.heartbeat(worker.position)
      const whole = await api.ask('GET', `/${done}?include=history,executions`)
      await world.restart(how)
      const after = client(world)
      expect(await after.ask('GET', `/${done}?include=history,executions`)).toEqual(whole)
      await worker.join()
      const [execution] = await after.executions(running)
      expect(await worker.complete(execution?.ID ?? '')).toBe('{}')
      await after.until(running, 'Completed')
      expect(await after.executions(running)).toHaveLength(1)
    } finally {
      await world.stop()
    }
  })

  it('nats-server is killed in the middle of work: nothing that was acknowledged is lost, every job ends', async () => {
    const world = await startWorld()
    try {
      const api = client(world)
      const worker = await node(world, 'n-worker')
      await worker.join()
      const ids: string[] = []
      const submitting = Promise.all(
        Array.from({ length: 60 }, async () => {
          const { status, body } = await api.ask('PUT', '', { Job: spec({}, { QueueTimeout: 600 }) })
          if (status === 200) ids.push(body['JobID'] as string)
        }),
      )
      await eventually('some are in', () => ids.length > 0)
      await world.nats.kill()
      await world.nats.restart()
      await submitting
      await eventually('the node is back', async () => (await world.node('n-worker'))?.Connection === 'CONNECTED', 15_000)
      await eventually(
        'all have ended',
        async () => {
          const states = await Promise.all(ids.map(async (id) => (await api.job(id)).State.StateType))
          return states.every((state) => state === 'Completed')
        },
        30_000,
      )
    } finally {
      await world.stop()
    }
  }, 60_000)
})
