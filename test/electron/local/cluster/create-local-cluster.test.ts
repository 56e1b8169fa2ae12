import { readFile, stat, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalCluster } from '../../../../electron/local/cluster/local-cluster'
import { machineAllocation } from '../../../../electron/local/nodes/machine-shares'
import { measureMachine } from '../../../../electron/compute/machine/measure'
import { eventually, isRunning } from '../../../fixtures/eventually'
import { connectionsOf, descendants, openYard, outsideOf, whenConnected, type ClusterYard } from '../../../fixtures/local-cluster'

let yard: ClusterYard
beforeAll(async () => {
  yard = await openYard()
}, 60_000)
afterAll(() => yard.clear())

function node(cluster: LocalCluster, name: string) {
  const found = cluster.view.localNodes.find((local) => local.name === name)
  if (found === undefined) throw new Error(`no node ${name}`)
  return found
}

/** A node joins before its own API answers: it may be on its way for a moment more. */
async function pidOf(cluster: LocalCluster, name: string): Promise<number> {
  return eventually(`${name} runs`, () => {
    const { state } = node(cluster, name)
    return state.kind === 'running' && state.pid
  })
}

function isAnother(cluster: LocalCluster, name: string, pid: number): boolean {
  const { state } = node(cluster, name)
  return state.kind === 'running' && state.pid !== pid
}

describe('a cluster of this machine', () => {
  let cluster: LocalCluster
  beforeAll(async () => {
    cluster = await yard.open('tide')
  })

  test('starts an orchestrator and a compute node that joins it, in named steps', async () => {
    const seen = new Set<string>()
    const off = cluster.on(() => {
      const { phase } = cluster.view
      if (phase.kind === 'starting') for (const step of phase.steps) seen.add(`${step.name} ${step.status}`)
    })
    await cluster.start()
    off()
    expect(cluster.view.phase.kind).toBe('running')
    for (const name of ['data-directory', 'ports', 'nats-server', 'state-log', 'api', 'handshake', 'heartbeat'])
      expect(seen).toContain(`${name} done`)
    expect(await connectionsOf(cluster)).toMatchObject({ tide: 'CONNECTED', 'tide-a': 'CONNECTED' })
    expect(cluster.view.reach).toMatchObject({ host: '127.0.0.1', shared: false })
  })

  test('keeps the token in files that only their owner reads, and out of every process', async () => {
    const { token } = await cluster.token()
    expect(token).toMatch(/^[\w-]{43}$/)
    for (const name of ['tide', 'tide-a']) {
      const file = cluster.configFile(name)
      expect(await readFile(file, 'utf8')).toContain(token)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
    }
    const pids = [await pidOf(cluster, 'tide'), await pidOf(cluster, 'tide-a')]
    const all = [...pids, ...(await Promise.all(pids.map(descendants))).flat()]
    expect(all.length).toBeGreaterThan(2)
    for (const pid of all) expect(await outsideOf(pid)).not.toContain(token)
    expect(JSON.stringify(yard.logged)).not.toContain(token)
  })

  test('adds nodes that divide what is left of the machine, as was shown before', async () => {
    const preview = await cluster.previewNodes(3)
    const names = await cluster.addNodes(3)
    expect(names).toEqual(['tide-b', 'tide-c', 'tide-d'])
    await Promise.all(names.map((name) => whenConnected(cluster, name)))
    const given = cluster.view.localNodes.filter((local) => local.role === 'compute')
    expect(given).toHaveLength(4)
    for (const { name, capacity } of given) {
      expect(preview.perNode.find((share) => share.name === name)).toMatchObject({ CPU: capacity?.CPU, Memory: capacity?.Memory })
    }
    const machine = machineAllocation(await measureMachine(yard.folder))
    expect(given.reduce((sum, { capacity }) => sum + (capacity?.CPU ?? 0), 0)).toBeLessThanOrEqual(machine.CPU)
    expect(given.reduce((sum, { capacity }) => sum + (capacity?.Memory ?? 0), 0)).toBeLessThanOrEqual(machine.Memory)
  })

  test('refuses more nodes than fit, and says how many would', async () => {
    await expect(cluster.previewNodes(64)).rejects.toMatchObject({
      code: 'node.too-little-left',
      hint: expect.stringMatching(/^Add \d+ at most\.$/) as string,
    })
  })

  test('sees a killed node at once, says why, and starts it again', async () => {
    const pid = await pidOf(cluster, 'tide-b')
    const killedAt = performance.now()
    process.kill(pid, 'SIGKILL')
    const waiting = await eventually('the death of tide-b', () => {
      const { state } = node(cluster, 'tide-b')
      return state.kind === 'waiting' && state
    })
    expect(performance.now() - killedAt).toBeLessThan(1_000)
    expect(waiting.failure.message).toContain('SIGKILL')
    await eventually('DISCONNECTED in the API', async () => (await connectionsOf(cluster))['tide-b'] === 'DISCONNECTED')
    await eventually('tide-b again', () => isAnother(cluster, 'tide-b', pid), 10_000)
    await whenConnected(cluster, 'tide-b')
  })

  test('stops a node, and does not start it with the cluster until it is started again', async () => {
    await cluster.stopNode('tide-c')
    expect(node(cluster, 'tide-c').state).toMatchObject({ kind: 'stopped', exitCode: 0 })
    await cluster.stop()
    await cluster.start()
    expect(node(cluster, 'tide-c').state.kind).toBe('stopped')
    await cluster.startNode('tide-c')
    await whenConnected(cluster, 'tide-c')
  })

  test('removes a node with its data', async () => {
    const folder = cluster.dataDir('tide-d')
    await cluster.removeNode('tide-d')
    expect(cluster.view.localNodes.map((local) => local.name)).not.toContain('tide-d')
    await expect(stat(folder)).rejects.toThrow('ENOENT')
    await expect(cluster.stopNode('tide-d')).rejects.toMatchObject({ code: 'node.unknown' })
    await expect(cluster.stopNode('tide')).rejects.toMatchObject({ code: 'node.is-orchestrator' })
  })

  test('brings a killed orchestrator back, and its nodes with it', async () => {
    const pid = await pidOf(cluster, 'tide')
    process.kill(pid, 'SIGKILL')
    await eventually('another orchestrator', () => isAnother(cluster, 'tide', pid), 15_000)
    expect(cluster.view.phase.kind).toBe('running')
    for (const name of ['tide-a', 'tide-b', 'tide-c']) await whenConnected(cluster, name)
  })

  test('changes the token of both roles while they run: every node comes back with the new one', async () => {
    const token = 'Vx8-another-Long_token-for-Tide-7431-qPzW'
    const refused: string[] = []
    const off = cluster.on(() => {
      for (const { name, connection } of cluster.view.localNodes) if (connection?.kind === 'waiting') refused.push(`${name}: ${connection.message}`)
    })
    const since = Date.now()
    await cluster.setToken(token, false)
    for (const name of ['tide-a', 'tide-b', 'tide-c']) {
      await eventually(`${name} with the new token`, () => {
        const { connection } = node(cluster, name)
        return connection?.kind === 'connected' && connection.since >= since
      })
    }
    off()
    expect(refused).toEqual([])
    expect(await cluster.token()).toMatchObject({ token, generated: false })
    expect(await connectionsOf(cluster)).toMatchObject({ tide: 'CONNECTED', 'tide-a': 'CONNECTED', 'tide-b': 'CONNECTED', 'tide-c': 'CONNECTED' })
  })

  test('a node that is just starting gets a changed token as well', async () => {
    await cluster.stopNode('tide-b')
    const starting = cluster.startNode('tide-b')
    await eventually('tide-b on its way', () => node(cluster, 'tide-b').state.kind === 'starting')
    const { token } = await cluster.token()
    await Promise.all([starting, cluster.setToken(`${token}-and-more`, false)])
    const since = Date.now()
    // Only the new token opens the door now: a node that had kept the old one would not come back.
    await cluster.restartNode('tide')
    await eventually('tide-b behind the new door', () => {
      const { connection } = node(cluster, 'tide-b')
      return connection?.kind === 'connected' && connection.since >= since
    })
    expect(await connectionsOf(cluster)).toMatchObject({ 'tide-b': 'CONNECTED' })
  })

  test('stops everything', async () => {
    const pids = await Promise.all(cluster.view.localNodes.map((local) => pidOf(cluster, local.name)))
    const all = [...pids, ...(await Promise.all(pids.map(descendants))).flat()]
    await cluster.stop()
    expect(cluster.view.phase.kind).toBe('stopped')
    for (const pid of all) expect(await isRunning(pid)).toBe(false)
  })

  test('is taken up by the next run, with its names, nodes and token', async () => {
    const token = (await cluster.token()).token
    const again = await yard.open('tide', { name: 'something else' })
    expect(again.view).toMatchObject({ name: 'tide', id: cluster.view.id, phase: { kind: 'stopped' } })
    expect(again.view.localNodes.map((local) => local.name)).toEqual(['tide', 'tide-a', 'tide-b', 'tide-c'])
    expect((await again.token()).token).toBe(token)
  })
})

describe('starts that end otherwise', () => {
  test('a cancelled start leaves nothing behind', async () => {
    const cluster = await yard.open('eddy')
    const start = cluster.start()
    start.catch(() => undefined) // Looked at below.
    const pid = await eventually('a process', () => {
      const [orchestrator] = cluster.view.localNodes
      return orchestrator?.state.kind === 'starting' && orchestrator.state.pid
    })
    await cluster.stop()
    await expect(start).rejects.toMatchObject({ code: 'cluster.start-cancelled' })
    expect(cluster.view.phase.kind).toBe('stopped')
    expect(await isRunning(pid)).toBe(false)
  })

  test('a configuration that cannot be read fails the start with its line, and is left as it is', async () => {
    const cluster = await yard.open('shoal-bank')
    const file = cluster.configFile('shoal-bank')
    const broken = 'Orchestrator:\n  Port: many\n'
    await writeFile(file, broken)
    await expect(cluster.start()).rejects.toMatchObject({ code: 'config.broken-file', message: expect.stringContaining('line 2') as string })
    expect(cluster.view.phase).toMatchObject({ kind: 'failed', failure: { code: 'config.broken-file' } })
    expect(await readFile(file, 'utf8')).toBe(broken)
  })

  test('a folder that another run has started is refused, and that run goes on', async () => {
    const first = await yard.open('delta')
    await first.start()
    const second = await yard.open('delta')
    await expect(second.start()).rejects.toMatchObject({ code: 'data-dir.in-use' })
    expect(await connectionsOf(first)).toMatchObject({ 'delta-a': 'CONNECTED' })
    await first.stop()
  })

  test('facts of a newer version, and broken ones, are refused and kept', async () => {
    const cluster = await yard.open('ria')
    const file = `${cluster.dataDir('ria')}/cluster.json`
    const facts = await readFile(file, 'utf8')
    const newer = facts.replace('"version": 1', '"version": 99')
    for (const [text, code] of [
      [newer, 'cluster.newer'],
      ['{"version": 1', 'cluster.broken-file'],
    ] as const) {
      await writeFile(file, text)
      await expect(yard.open('ria')).rejects.toMatchObject({ code })
      expect(await readFile(file, 'utf8')).toBe(text)
    }
  })
})

test('clusters side by side take ports of their own, say so, and keep them', async () => {
  const [one, two] = [await yard.open('north'), await yard.open('south')]
  await Promise.all([one.start(), two.start()])
  const ports = [one, two].map((cluster) => cluster.view.reach?.port)
  expect(new Set(ports).size).toBe(2)
  expect(new Set([one, two].map((cluster) => cluster.view.apiUrl)).size).toBe(2)
  expect(await connectionsOf(one)).toEqual({ north: 'CONNECTED', 'north-a': 'CONNECTED' })
  expect(await connectionsOf(two)).toEqual({ south: 'CONNECTED', 'south-a': 'CONNECTED' })
  const moved = [one, two].find((cluster) => cluster.view.reach?.port !== 4222)
  expect(moved?.view.notices.join(' ')).toMatch(/Port 4222 is taken by .*NATS listens on \d+/)
  await Promise.all([one.stop(), two.stop()])
  // Other machines may know the port of the second: it comes back on it although the usual one is free now.
  const port = moved?.view.reach?.port
  await moved?.start()
  expect(moved?.view.reach?.port).toBe(port)
  await moved?.stop()
})
