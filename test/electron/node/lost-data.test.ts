import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { computeStates } from '../../../shared/models/execution'
import { eventually } from '../../fixtures/eventually'
import { jobsApi, wasmJob } from '../../fixtures/jobs-api'
import { descendants } from '../../fixtures/local-cluster'
import { type ServedNode, serveNode, settings, whenListed } from '../../fixtures/served-node'
import { builtHome } from '../../fixtures/built-home'

const home = builtHome()

const dir = (name: string): string => join(home.home, name)
const orchestrator = (port: number | undefined): Promise<ServedNode> =>
  serveNode(home, [
    '--orchestrator',
    '--name',
    'orch',
    '--data-dir',
    dir('orch'),
    ...settings({ 'Orchestrator.Port': String(port ?? 0), 'Orchestrator.Host': '127.0.0.1' }),
  ])
const compute = (at: number | undefined): Promise<ServedNode> =>
  serveNode(home, ['--compute', '--name', 'worker', '--data-dir', dir('worker'), ...settings({ 'Compute.Orchestrators': `127.0.0.1:${at}` })])
/** With everything that it has started. */
const kill = async ({ pid, started }: ServedNode): Promise<void> => {
  const below = await descendants(pid)
  started.child.kill('SIGKILL')
  await started.ended
  await eventually('the end of all its processes', async () => (await Promise.all(below.map(descendants))).every((left) => left.length === 0))
}
const long = ['ticks', '1000000', '0.05']
const usedOf = async (node: ServedNode): Promise<number> => {
  const { Nodes } = await node.client.call('listNodes')
  const info = Nodes?.find(({ Info }) => Info.NodeID === 'worker')?.Info.ComputeNodeInfo
  return Math.round(((info?.MaxCapacity?.CPU ?? 0) - (info?.AvailableCapacity?.CPU ?? 0)) * 1000)
}

describe('executions that one of the two has lost', () => {
  it('a node that comes back without its data: what it had is failed with the reason, and run again by the rules of its type', async () => {
    const first = await orchestrator(undefined)
    const worker = await compute(first.natsPort)
    await whenListed(first, 'worker')
    const before = jobsApi(first.apiUrl)
    const ids = {
      batch: await before.submit(wasmJob(long)),
      service: await before.submit(wasmJob(long, { Type: 'service' })),
      daemon: await before.submit(wasmJob(long, { Type: 'daemon' })),
      ops: await before.submit(wasmJob(long, { Type: 'ops' })),
    }
    await eventually('all four run', async () => (await usedOf(first)) === 400, 20_000)
    await Promise.all([kill(first), kill(worker)])
    rmSync(dir('worker'), { recursive: true })

    // Before the orchestrator is back, so that it is there within its grace.
    const back = compute(first.natsPort)
    const second = await orchestrator(first.natsPort)
    await back
    const after = jobsApi(second.apiUrl)
    for (const type of ['batch', 'service'] as const) {
      const id = ids[type]
      const lost = await after.untilExecution(id, computeStates.Failed)
      expect([type, lost.ComputeState.Message]).toEqual([type, 'Node worker came back without this execution'])
      expect((await after.history(id)).map(({ Event }) => Event)).toContainEqual(
        expect.objectContaining({
          Message: 'Node worker came back without this execution',
          Details: expect.objectContaining({ IsError: 'true', Hint: expect.stringContaining('data directory') as unknown }) as unknown,
        }),
      )
      const again = await after.untilExecution(id, computeStates.BidAccepted)
      expect([type, again.ID === lost.ID, again.NodeID]).toEqual([type, false, 'worker'])
    }
    // What is run without a bid was told once more, since nothing says that the node had begun with it.
    await eventually('all four run', async () => (await usedOf(second)) === 400, 20_000)
    for (const id of [ids.daemon, ids.ops]) expect(await after.executions(id)).toHaveLength(1)
  }, 60_000)

  it('an orchestrator that comes back without its data: the node ends what nobody wants any more', async () => {
    const first = await orchestrator(undefined)
    const worker = await compute(first.natsPort)
    await whenListed(first, 'worker')
    await jobsApi(first.apiUrl).submit(wasmJob(long, { Type: 'service' }))
    await eventually('it runs', async () => (await usedOf(first)) === 100, 20_000)
    await kill(first)
    rmSync(dir('orch'), { recursive: true })
    const second = await orchestrator(first.natsPort)
    await whenListed(second, 'worker', 'CONNECTED', 15_000)
    await eventually('all of the node is free', async () => (await usedOf(second)) === 0, 10_000)
    expect(worker.log()).toContain('does not want executions')
    // The node is as good as before.
    const api = jobsApi(second.apiUrl)
    expect((await api.until(await api.submit(wasmJob(['hello'])), 'Completed')).State.StateType).toBe('Completed')
  }, 60_000)
})
