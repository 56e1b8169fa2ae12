import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NodeRoster } from '../../../../electron/local/nodes/node-parts'
import { createJoinedNodes, type JoinedNodes } from '../../../../electron/local/nodes/joined-nodes'
import type { LocalCluster } from '../../../../electron/local/cluster/local-cluster'
import { createNodeLauncher } from '../../../../electron/local/hosts/node-launcher'
import { createLogger, type LogEntry } from '../../../../electron/log/logger'
import { eventually, isRunning } from '../../../fixtures/eventually'
import { openYard, outsideOf, type ClusterYard } from '../../../fixtures/local-cluster'

let yard: ClusterYard
let far: LocalCluster
let address: string
let token: string
const logged: LogEntry[] = []
beforeAll(async () => {
  yard = await openYard()
  far = await yard.open('far', { computeNodes: 0 })
  await far.start()
  address = `nats://127.0.0.1:${far.view.reach?.port}`
  ;({ token } = await far.token())
}, 60_000)
afterAll(() => yard.clear())

/** Nodes for the far cluster, in a folder of their own; the roster outlives them. */
async function open(name: string, roster: { nodes: NodeRoster } = { nodes: [] }): Promise<JoinedNodes> {
  const folder = path.join(yard.folder, name)
  await mkdir(folder, { recursive: true })
  return createJoinedNodes({
    folder,
    clusterName: () => 'far',
    roster: {
      get nodes() {
        return roster.nodes
      },
      update: (nodes) => {
        roster.nodes = nodes
        return Promise.resolve()
      },
    },
    prefix: 'desk',
    takenNames: () => ['desk-a'],
    launcher: createNodeLauncher({ hostEntry: path.resolve('dist/node.js'), execPath: process.execPath }),
    env: process.env,
    log: createLogger({ sinks: [{ write: (entry) => logged.push(entry) }], level: 'trace', secrets: () => [] }),
    otherCapacities: () => Promise.resolve(far.capacities()),
  })
}

const pidOf = (nodes: JoinedNodes, name: string): number => {
  const state = nodes.localNodes.find((node) => node.name === name)?.state
  return state?.kind === 'running' ? state.pid : 0
}
const standings = (nodes: JoinedNodes) => nodes.localNodes.map(({ name, state, connection }) => `${name} ${state.kind} ${connection?.kind}`)

test('a wrong token is refused with its reason, and nothing is left', async () => {
  const nodes = await open('refused')
  await expect(nodes.addNodes(1)).rejects.toMatchObject({ code: 'cluster.joining-unknown' })
  const wrong = 'wrong-wrong-wrong'
  await expect(nodes.join(2, { orchestrators: [address], token: wrong })).rejects.toMatchObject({
    code: 'nats.refused',
    message: expect.not.stringContaining(wrong) as string,
  })
  expect(nodes.localNodes).toEqual([])
  expect(await readdir(path.join(yard.folder, 'refused', 'nodes'))).toEqual([])
  expect(await nodes.joining()).toBeUndefined()
  await expect(nodes.join(1, { orchestrators: ['nats://127.0.0.1:9'], token })).rejects.toMatchObject({
    message: expect.stringContaining('127.0.0.1:9') as string,
  })
  expect(nodes.localNodes).toEqual([])
  await nodes.stop()
}, 60_000)

test('nodes join, are taken up again, and stop; the token is in their files alone', async () => {
  const roster = { nodes: [] as NodeRoster }
  const nodes = await open('joined', roster)
  expect(await nodes.join(2, { orchestrators: [address], token })).toEqual(['desk-b', 'desk-c'])
  await eventually('both have joined', () => standings(nodes).join() === 'desk-b running connected,desk-c running connected')
  const file = nodes.configFile('desk-b')
  expect(await readFile(file, 'utf8')).toContain(token)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const pids = [pidOf(nodes, 'desk-b'), pidOf(nodes, 'desk-c')]
  for (const pid of pids) expect(await outsideOf(pid)).not.toContain(token)
  expect(JSON.stringify(logged)).not.toContain(token)

  // Those that are there know how the next one joins; a wrong token for it leaves them as they are.
  expect(await nodes.addNodes(1)).toEqual(['desk-d'])
  await expect(nodes.join(1, { orchestrators: [address], token: 'not-this-one' })).rejects.toMatchObject({ code: 'nats.refused' })
  expect(await nodes.joining()).toEqual({ orchestrators: [address], token })
  await nodes.removeNode('desk-d')
  await nodes.stopNode('desk-c')
  await nodes.restartNode('desk-b')
  expect(pidOf(nodes, 'desk-b')).not.toBe(pids[0])
  await nodes.stop()
  for (const pid of pids) expect(await isRunning(pid)).toBe(false)

  const later = await open('joined', roster)
  await later.start()
  await eventually('the wanted one has joined again', () => standings(later).join() === 'desk-b running connected,desk-c stopped undefined')
  await later.startNode('desk-c')
  await eventually('the other one too', () => standings(later)[1] === 'desk-c running connected')
  await later.kill()
}, 90_000)
