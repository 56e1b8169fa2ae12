import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Job } from '../../../shared/models/job'
import { eventually } from '../../fixtures/eventually'
import { nodeInfo } from '../../fixtures/orchestrator/played-node'
import { WorkingNode } from '../../fixtures/orchestrator/working-node'
import { startWorld } from '../../fixtures/orchestrator/world'
import type { World } from '../../fixtures/orchestrator/world'

const many = 10_000
let world: World
const agent = new Agent({ keepAlive: true, maxSockets: 128 })
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  agent.destroy()
  await world.stop()
})

function submit(body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(
      `${world.api.url}/api/v1/orchestrator/jobs`,
      { method: 'PUT', agent, headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          const { JobID } = JSON.parse(text) as { readonly JobID?: string }
          if (JobID === undefined) reject(new Error(`${String(response.statusCode)} ${text}`))
          else resolve(JobID)
        })
      },
    )
    asking.on('error', reject)
    asking.end(body)
  })
}

it('ten thousand jobs at once all wait, in order, and all are done once when nodes come', async () => {
  const body = JSON.stringify({
    Job: {
      Type: 'batch',
      Count: 1,
      Tasks: [
        {
          Name: 'main',
          Engine: { Type: 'wasm', Params: { EntryModule: '/m.wasm' } },
          Resources: { CPU: '100m', Memory: '1mb' },
          Timeouts: { QueueTimeout: 3600 },
        },
      ],
    },
  })
  const ids = await Promise.all(Array.from({ length: many }, () => submit(body)))
  expect(new Set(ids).size).toBe(many)
  // The API stays quick while they wait.
  const before = performance.now()
  expect((await fetch(`${world.api.url}/api/v1/agent/alive`)).status).toBe(200)
  expect(performance.now() - before).toBeLessThan(500)

  const plenty = { CPU: 64, Memory: 64 << 20, Disk: 1 << 30 }
  const nodes = await Promise.all(
    ['n-1', 'n-2', 'n-3'].map(async (id) => {
      const node = new WorkingNode(await world.join(id), id)
      await node.join({
        ComputeNodeInfo: { ...nodeInfo(id).ComputeNodeInfo, MaxCapacity: plenty, AvailableCapacity: plenty, MaxJobRequirements: plenty },
      })
      return node
    }),
  )
  const jobs = async (): Promise<readonly Job[]> =>
    ((await (await fetch(`${world.api.url}/api/v1/orchestrator/jobs?limit=${String(many * 2)}`)).json()) as { readonly Items: readonly Job[] }).Items
  let done = 0
  await eventually(
    'all are done',
    async () => {
      done = (await jobs()).filter(({ State }) => State.StateType === 'Completed').length
      return done === many
    },
    60_000,
    // A list of all of them is work for the orchestrator too.
    250,
  ).catch((error: unknown) => {
    throw new Error(`${String(done)} of ${String(many)} are done`, { cause: error })
  })
  const asked = nodes.flatMap((node) => [...node.asked.values()].map(({ JobID }) => JobID))
  expect(asked).toHaveLength(many)
  expect(new Set(asked)).toEqual(new Set(ids))
}, 120_000)
