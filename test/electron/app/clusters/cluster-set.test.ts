import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openClusterSet, type ClusterSet } from '../../../../electron/app/clusters/cluster-set'
import { createNodeLauncher } from '../../../../electron/local/hosts/node-launcher'
import { createLogger } from '../../../../electron/log/logger'
import type { NodesEvent } from '../../../../shared/cluster'
import { eventually, isRunning } from '../../../fixtures/eventually'
import { openYard, type ClusterYard } from '../../../fixtures/local-cluster'

let yard: ClusterYard
let folder: string
let events: NodesEvent[]
const opened: ClusterSet[] = []
beforeAll(async () => {
  yard = await openYard()
  folder = path.join(yard.folder, 'set')
}, 60_000)
afterEach(async () => {
  for (const set of opened.splice(0)) await set.close(5_000)
  await rm(folder, { recursive: true, force: true })
})
afterAll(() => yard.clear())

async function open(): Promise<ClusterSet> {
  events = []
  const set = await openClusterSet({
    folder,
    launcher: createNodeLauncher({ hostEntry: path.resolve('dist/node.js'), execPath: process.execPath }),
    env: process.env,
    log: createLogger({ sinks: [], level: 'error', secrets: () => [] }),
    onChange: () => undefined,
    onNodes: (event) => events.push(event),
  })
  opened.push(set)
  return set
}

test('a local and an attached cluster are looked at through the same door, and remembered', async () => {
  const set = await open()
  const local = await set.create('Kelp Forest')
  await set.local(local).start()
  await eventually('a live link', () => set.list()[0]?.link.kind === 'live')
  const { apiUrl } = set.list()[0]!
  const attached = await set.attach(apiUrl, 'the same from outside')
  await eventually('both have told their nodes', () => new Set(events.map((event) => event.clusterId)).size === 2)
  await eventually('the same rows', () => {
    const [one, two] = [local, attached].map((id) =>
      set
        .connection(id)
        .mirror.rows()
        .map(({ state }) => `${state.Info.NodeID} ${state.Connection}`)
        .sort()
        .join(),
    )
    return one === two && one?.includes('kelp-forest-a CONNECTED')
  })
  expect(set.list().map(({ kind, colour }) => [kind, colour])).toEqual([
    ['local', 1],
    ['attached', 2],
  ])
  await expect(set.attach(apiUrl, 'again')).rejects.toMatchObject({ code: 'cluster.already-attached' })
  expect(() => set.local(attached)).toThrow(expect.objectContaining({ code: 'cluster.attached' }) as Error)

  await set.local(local).stop()
  await eventually(
    'the door is closed',
    () =>
      set
        .list()
        .map(({ link }) => link.kind)
        .join() === 'none,stale',
  )
  await set.rename(attached, 'far', 5)
  await set.close(5_000)

  const later = await open()
  expect(later.list()).toMatchObject([
    { id: local, name: 'Kelp Forest', phase: { kind: 'stopped' } },
    { id: attached, name: 'far', colour: 5, kind: 'attached', apiUrl },
  ])
  await eventually('nobody answers there now', () => later.list()[1]?.link.kind === 'unreachable')
})

test('a forgotten cluster leaves the list, and its data only when asked', async () => {
  const set = await open()
  const [kept, deleted] = [await set.create('kept'), await set.create('deleted')]
  await set.local(kept).start()
  const [orchestrator] = set.list()[0]!.localNodes
  const pid = orchestrator?.state.kind === 'running' ? orchestrator.state.pid : 0
  await set.forget(kept, false)
  expect(await isRunning(pid)).toBe(false)
  await set.forget(deleted, true)
  expect(set.list()).toEqual([])
  expect(await readdir(folder)).toEqual([kept])
  expect(await readFile(path.join(folder, kept, 'config.yaml'), 'utf8')).toContain('Token')
  expect((await open()).list()).toEqual([])
})

test('nodes of all clusters share the machine', async () => {
  const set = await open()
  await set.create('one')
  const two = await set.create('two')
  const preview = await set.local(two).previewNodes(1)
  const given = set.list().flatMap(({ localNodes }) => localNodes.flatMap(({ capacity }) => (capacity === undefined ? [] : [capacity.CPU])))
  expect(given).toHaveLength(2)
  expect(given.reduce((sum, cpu) => sum + cpu, preview.perNode.find(({ isNew }) => isNew)!.CPU)).toBeLessThanOrEqual(preview.machine.CPU)
})

test('a cluster whose file is broken is listed with the reason, and closing stops what runs', async () => {
  const set = await open()
  const [whole, torn] = [await set.create('whole'), await set.create('torn')]
  await set.close(5_000)
  await writeFile(path.join(folder, torn, 'cluster.json'), '{')
  const later = await open()
  expect(later.list().map(({ id, phase }) => [id, phase.kind])).toEqual([
    [whole, 'stopped'],
    [torn, 'failed'],
  ])
  expect(() => later.local(torn)).toThrow(expect.objectContaining({ code: 'cluster.broken-file' }) as Error)
  await later.local(whole).start()
  const pids = later.list()[0]!.localNodes.map(({ state }) => (state.kind === 'running' ? state.pid : 0))
  await later.close(5_000)
  for (const pid of pids) expect(await isRunning(pid)).toBe(false)
})
