import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildWhatChanged } from '../../../scripts/build.mjs'
import { eventually } from '../../fixtures/eventually'
import { jobsApi, wasmJob } from '../../fixtures/jobs-api'
import { serveNode, settings, whenListed } from '../../fixtures/served-node'
import type { ServedNode } from '../../fixtures/served-node'
import { makeShoalHome } from '../../fixtures/shoal-command'
import type { ShoalHome } from '../../fixtures/shoal-command'
import { smallDisk, whyNoSmallDisk } from '../../fixtures/small-disk'
import type { SmallDisk } from '../../fixtures/small-disk'

let home: ShoalHome
let disk: SmallDisk
beforeAll(async () => {
  expect(await buildWhatChanged({ only: ['core'] })).toBe(true)
})
beforeEach(() => {
  home = makeShoalHome()
  disk = smallDisk(24)
})
afterEach(async () => {
  await home.remove()
  disk.remove()
})

const orchestratorArguments = (): string[] => [
  '--orchestrator',
  '--name',
  'orch',
  '--data-dir',
  join(disk.folder, 'orch'),
  ...settings({ 'Orchestrator.Port': '0', 'Orchestrator.Host': '127.0.0.1' }),
]
const orchestrator = (): Promise<ServedNode> => serveNode(home, orchestratorArguments())

interface Refusal {
  readonly status: number
  readonly body: { readonly Code?: string; readonly Message?: string; readonly Hint?: string; readonly Details?: unknown }
}

describe.skipIf(whyNoSmallDisk() !== undefined)('a full disk under the orchestrator', () => {
  it('refuses with the reason, keeps all that it has taken, and goes on by itself once there is room', async () => {
    const shared = join(home.home, 'shared')
    mkdirSync(shared)
    const node = await orchestrator()
    await serveNode(home, [
      '--compute',
      '--name',
      'worker',
      '--data-dir',
      join(home.home, 'worker'),
      ...settings({ 'Compute.Orchestrators': `127.0.0.1:${String(node.natsPort)}`, 'Compute.AllowListedLocalPaths': `${shared}:rw` }),
    ])
    await whenListed(node, 'worker')
    const jobs = jobsApi(node.apiUrl)
    const mount = { Source: { Type: 'localDirectory', Params: { SourcePath: shared, ReadWrite: true } }, Target: '/shared' }
    const spec = wasmJob(['work', '/shared/trace', 'begun', '3']) as { Tasks: { InputSources: object[] }[] }
    spec.Tasks[0]?.InputSources.push(mount)
    const running = await jobs.submit(spec)
    await jobs.until(running, 'Running')

    // As much as it takes, in the background of the running job.
    const taken: string[] = []
    const submit = async (): Promise<Refusal | undefined> => {
      const response = await fetch(`${node.apiUrl}/api/v1/orchestrator/jobs`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        // It waits for a node that never comes, so that nothing but its own record is stored.
        body: JSON.stringify({
          Job: wasmJob(
            ['hello'],
            { Constraints: [{ Key: 'nowhere', Operator: '=', Values: ['x'] }], Meta: { filling: 'f'.repeat(20_000) } },
            { Timeouts: { QueueTimeout: 3600 } },
          ),
        }),
      })
      const body = (await response.json()) as Refusal['body'] & { readonly JobID?: string }
      if (response.status !== 200) return { status: response.status, body }
      taken.push(body.JobID ?? '')
      return undefined
    }
    disk.fill(600_000)
    const refusal = await eventually('a refusal', submit, 20_000)
    expect(refusal).toMatchObject({ status: 503, body: { Code: 'ServiceUnavailable' } })
    expect(JSON.stringify(refusal.body)).toMatch(/room/)
    expect(JSON.stringify(refusal.body)).toMatch(/Free disk space/)
    disk.fill()
    await eventually(
      'the job has done its work',
      () => existsSync(join(shared, 'trace')) && readFileSync(join(shared, 'trace'), 'utf8').includes('done'),
      20_000,
    )
    // What can be read without a disk is there.
    expect((await fetch(`${node.apiUrl}/api/v1/agent/alive`)).status).toBe(200)
    // On the terminal: its log lies on the very disk that is full.
    const told = () => `${node.started.out()}${node.started.err()}`.split('The disk of the data directory is full').length - 1
    await eventually('it is told once', () => told() === 1, 20_000)
    expect(await submit()).toMatchObject({ status: 503 })
    // The nodes stay connected: nats-server is there, it only stores nothing.
    expect((await node.client.call('listNodes')).Nodes?.find(({ Info }) => Info.NodeID === 'worker')?.Connection).toBe('CONNECTED')

    disk.makeRoom()
    await eventually('it takes jobs again', async () => (await submit()) === undefined, 30_000)
    await jobs.until(running, 'Completed', 30_000)
    expect(await jobs.executions(running)).toHaveLength(1)
    for (const id of taken) expect((await jobs.job(id)).State.StateType).toBe('Queued')
    expect(told()).toBe(1)
    expect(node.started.child.exitCode).toBeNull()

    // Full once more, and now its process dies: it says why it does not start, and all is there when it does.
    disk.fill(100_000)
    await eventually('a refusal', submit, 20_000)
    node.started.child.kill('SIGKILL')
    await node.started.ended
    const refused = await home.run(['serve', ...orchestratorArguments()])
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/disk .* is full/)])
    disk.makeRoom()
    const again = jobsApi((await orchestrator()).apiUrl)
    for (const id of taken) expect((await again.job(id)).State.StateType).toBe('Queued')
    expect((await again.job(running)).State.StateType).toBe('Completed')
  }, 90_000)
})
