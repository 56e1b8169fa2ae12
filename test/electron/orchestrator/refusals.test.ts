import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../../fixtures/eventually'
import { jobsApi } from '../../fixtures/jobs-api'
import type { JobsApi } from '../../fixtures/jobs-api'
import { WorkingNode } from '../../fixtures/orchestrator/working-node'
import { startWorld } from '../../fixtures/orchestrator/world'
import type { World } from '../../fixtures/orchestrator/world'

/** Jobs that no node wants. */

let world: World
let api: JobsApi
let nodes: WorkingNode[]
beforeAll(async () => {
  world = await startWorld()
  api = jobsApi(world.api.url)
  nodes = await Promise.all(
    ['n-1', 'n-2', 'n-3'].map(async (id) => {
      const node = new WorkingNode(await world.join(id), id)
      node.refuses = `${id} does not like it`
      await node.join()
      return node
    }),
  )
})
afterAll(() => world.stop())

const spec = (Type: string, QueueTimeout = 0) => ({
  Type,
  ...(Type === 'batch' || Type === 'service' ? { Count: 1 } : {}),
  Tasks: [
    {
      Name: 'main',
      Engine: { Type: 'wasm', Params: { EntryModule: '/m.wasm' } },
      Resources: { CPU: '100m', Memory: '1mb' },
      ...(QueueTimeout === 0 ? {} : { Timeouts: { QueueTimeout } }),
    },
  ],
})
const told = async (id: string): Promise<string> =>
  (await api.history(id)).map(({ Event }) => `${Event.Message} ${JSON.stringify(Event.Details)}`).join('\n')
const asked = (job: string): number => nodes.reduce((sum, node) => sum + [...node.asked.values()].filter(({ JobID }) => JobID === job).length, 0)

it.each(['batch', 'service', 'ops'])('a %s job fails after all have been asked, with the reason of each in its history', async (type) => {
  const id = await api.submit(spec(type))
  await api.until(id, 'Failed')
  const text = await told(id)
  for (const node of nodes) expect(text).toContain(`${node.id} does not like it`)
  expect((await api.job(id)).State.Message).toBeTruthy()
  // Every node was asked, none of them without end.
  expect(asked(id)).toBeGreaterThanOrEqual(nodes.length)
  expect(asked(id)).toBeLessThanOrEqual(2 * nodes.length)
})

it('a batch job that may wait does so with the reason, and runs on the first node that takes it', async () => {
  const id = await api.submit(spec('batch', 600))
  await api.until(id, 'Queued')
  await eventually('all have refused', () => asked(id) >= nodes.length)
  const text = await told(id)
  expect(text).toContain('Job queued')
  expect(text).toContain('does not like it')
  const willing = new WorkingNode(await world.join('n-willing'), 'n-willing')
  await willing.join()
  await api.until(id, 'Completed')
  expect((await api.executions(id)).filter(({ NodeID }) => NodeID === 'n-willing')).toHaveLength(1)
  await willing.played.link.close()
})

it('a daemon job goes on waiting for a node that takes it, and does not ask those that refuse again and again', async () => {
  const id = await api.submit(spec('daemon'))
  await eventually('all have been asked', () => asked(id) >= nodes.length)
  const willing = new WorkingNode(await world.join('n-late'), 'n-late')
  willing.onAccepted = 'wait'
  await willing.join()
  await eventually('the willing one is asked', () => [...willing.asked.values()].some(({ JobID }) => JobID === id))
  expect(['Pending', 'Running']).toContain((await api.job(id)).State.StateType)
  expect(asked(id)).toBeLessThanOrEqual(2 * nodes.length)
  await fetch(`${world.api.url}/api/v1/orchestrator/jobs/${id}`, { method: 'DELETE' })
  await willing.played.link.close()
})
