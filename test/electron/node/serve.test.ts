import { createServer, type Server } from 'node:net'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildWhatChanged } from '../../../scripts/build.mjs'
import { eventually, isRunning } from '../../fixtures/eventually'
import { outsideOf } from '../../fixtures/local-cluster'
import { connectionOf, natsServerPid, type ServedNode, serveNode, settings, whenListed } from '../../fixtures/served-node'
import { makeShoalHome, type ShoalHome } from '../../fixtures/shoal-command'

const TOKEN = 'canary-9f3b1c7d5e2a4860-token'
let home: ShoalHome
let holders: Server[] = []

beforeAll(async () => {
  expect(await buildWhatChanged({ only: ['core'] })).toBe(true)
})
beforeEach(() => {
  home = makeShoalHome()
})
afterEach(async () => {
  await home.remove()
  await Promise.all(holders.map((server) => new Promise((resolve) => server.close(resolve))))
  holders = []
})

const dir = (name: string): string => join(home.home, name)
const orchestrator = (more: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Promise<ServedNode> =>
  serveNode(home, [
    '--orchestrator',
    '--name',
    'orch',
    '--data-dir',
    dir('orch'),
    ...args,
    ...settings({ 'Orchestrator.Port': '0', 'Orchestrator.Host': '127.0.0.1', 'Orchestrator.Auth.Token': TOKEN, ...more }),
  ])
const computeArguments = (name: string, at: string, more: Readonly<Record<string, string>> = {}): string[] => [
  '--compute',
  '--name',
  name,
  '--data-dir',
  dir(name),
  ...settings({ 'Compute.Orchestrators': at, 'Compute.Auth.Token': TOKEN, ...more }),
]
const compute = (name: string, at: string, more: Readonly<Record<string, string>> = {}): Promise<ServedNode> =>
  serveNode(home, computeArguments(name, at, more))
const at = (node: ServedNode): string => `127.0.0.1:${node.natsPort}`
const refused = async (...args: string[]): Promise<string> => {
  const { code, err } = await home.run(['serve', ...args])
  expect(code).toBe(1)
  return err
}
async function hold(port: number): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  holders.push(server)
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

describe('shoal serve', () => {
  it('tells first who and where it is, runs both roles under one id, and ends in order', async () => {
    const node = await serveNode(home, ['--orchestrator', '--compute', '--name', 'both', ...settings({ 'Orchestrator.Port': '0' })])
    expect(node.started.out().split('\n')[0]).toMatch(/^Shoal \d\S*, orchestrator and compute node both$/)
    expect(node).toMatchObject({ nodeId: 'both', dataDir: dir('.shoal'), natsHost: '127.0.0.1' })
    await whenListed(node, 'both')
    const { Nodes } = await node.client.call('listNodes')
    expect(Nodes?.map(({ Info }) => Info.NodeID)).toEqual(['both'])
    expect(await node.client.call('shoalConnection')).toMatchObject({ connection: { kind: 'connected' }, orchestrators: [{ current: true }] })
    const { startedAt } = (await node.client.call('shoalNodes')).orchestrator
    expect([Number.isInteger(startedAt), Math.abs(Date.now() - startedAt) < 60_000]).toEqual([true, true])
    const nats = natsServerPid(node)
    expect(await node.stop()).toBe(0)
    expect(await isRunning(nats)).toBe(false)
    expect(readdirSync(join(node.dataDir, 'run'))).toEqual([])
    expect(existsSync(join(node.dataDir, 'node.lock'))).toBe(false)
  })

  it('keeps its name and its id, also when another is asked for later', async () => {
    const first = await orchestrator()
    await first.stop()
    const again = await serveNode(home, ['--orchestrator', '--name', 'other', '--data-dir', dir('orch'), ...settings({ 'Orchestrator.Port': '0' })])
    expect(again.nodeId).toBe('orch')
    await eventually('the notice', () => again.started.out().includes('--name other is ignored'))
  })

  it('refuses a name that cannot be used before it is kept', async () => {
    expect(await refused('--orchestrator', '--name', 'a.b')).toContain('"a.b"')
    const node = await serveNode(home, ['--orchestrator', '--name', 'good', ...settings({ 'Orchestrator.Port': '0' })])
    expect(node.nodeId).toBe('good')
  })

  it('listens for everybody only with a token', async () => {
    const open = await serveNode(home, ['--orchestrator', ...settings({ 'Orchestrator.Port': '0', 'Orchestrator.Auth.Token': TOKEN })])
    expect(open.natsHost).toBe('0.0.0.0')
    expect((await open.client.call('shoalNodes')).orchestrator.nats).toMatchObject({ address: `0.0.0.0:${open.natsPort}`, tokenRequired: true })
    expect(await refused('--orchestrator', '--data-dir', dir('x'), ...settings({ 'Orchestrator.Host': '0.0.0.0' }))).toContain(
      'Orchestrator.Auth.Token is empty',
    )
    expect(await refused('--orchestrator', '--data-dir', dir('x'), ...settings({ 'Orchestrator.Auth.Token': 'abc' }))).toContain(
      'Orchestrator.Auth.Token is weak',
    )
    expect(await refused('--orchestrator', '--data-dir', dir('x'), ...settings({ 'Orchestrator.Cluster.Peers': 'nats://b:6222' }))).toContain(
      'not built yet',
    )
    expect(existsSync(dir('x'))).toBe(false)
  })

  it('names the owner of a port that was asked for, and a free one', async () => {
    const port = await hold(0)
    for (const key of ['Orchestrator.Port', 'API.Port']) {
      const told = await refused('--orchestrator', ...settings({ 'Orchestrator.Port': '0', [key]: String(port) }))
      expect(told).toContain(String(port))
      expect(told).toContain(`(pid ${process.pid})`)
      expect(Number(/such as (\d+)/.exec(told)?.[1])).toBeGreaterThan(port)
    }
  })

  it('takes the next port when a default one is taken, and says so', async () => {
    await hold(4222).catch(() => undefined) // Somebody else on this machine may hold it already: then that is the test.
    await hold(1234).catch(() => undefined)
    const node = await serveNode(home, ['--orchestrator'])
    await eventually(
      'the notices',
      () =>
        /Port 4222 is taken by .*; NATS listens on \d+\./.test(node.started.out()) &&
        /Port 1234 is taken by .*; the HTTP API listens on \d+\./.test(node.started.out()),
    )
    expect(node.natsPort).toBeGreaterThan(4222)
    expect(node.apiPort).toBeGreaterThan(1234)
  })

  it('does not share a data directory with another process', async () => {
    const node = await orchestrator()
    expect(await refused('--orchestrator', '--data-dir', dir('orch'), ...settings({ 'Orchestrator.Port': '0' }))).toContain(`process ${node.pid}`)
    expect(await connectionOf(node, 'nobody')).toBeUndefined()
  })

  it('leaves no nats-server two seconds after a SIGKILL, and starts again in the same directory', async () => {
    const node = await orchestrator()
    const nats = natsServerPid(node)
    node.started.child.kill('SIGKILL')
    await eventually('the end of nats-server', async () => !(await isRunning(nats)), 2000)
    expect((await orchestrator()).nodeId).toBe('orch')
  })

  it('starts a killed nats-server again, and its nodes come back', async () => {
    const node = await orchestrator()
    const worker = await compute('worker', at(node))
    await whenListed(node, 'worker')
    const first = natsServerPid(node)
    process.kill(first, 'SIGKILL')
    await eventually('another nats-server', () => existsSync(join(node.dataDir, 'run', 'nats-server.pid.json')) && natsServerPid(node) !== first)
    await eventually('a new handshake', () => worker.log().split('Joined the orchestrator').length >= 3, 5000)
    await whenListed(node, 'worker', 'CONNECTED', 5000)
    expect(node.started.child.exitCode).toBeNull()
  })

  it('takes over a changed token without a restart', async () => {
    mkdirSync(dir('orch'))
    const config = join(dir('orch'), 'config.yaml')
    writeFileSync(config, `Orchestrator:\n  Host: 127.0.0.1\n  Auth:\n    Token: ${TOKEN}\n`)
    const node = await serveNode(home, ['--orchestrator', '--data-dir', dir('orch'), ...settings({ 'Orchestrator.Port': '0' })])
    const old = await compute('old', at(node))
    await whenListed(node, 'old')
    writeFileSync(config, `Orchestrator:\n  Host: 127.0.0.1\n  Auth:\n    Token: changed-${TOKEN}\n`)
    node.started.child.kill('SIGHUP')
    await eventually('the new configuration', () => node.log().includes('The configuration was read again'))
    await compute('new', at(node), { 'Compute.Auth.Token': `changed-${TOKEN}` })
    await whenListed(node, 'new')
    const late = await compute('late', at(node))
    await eventually('the refusal', () => late.started.out().includes('refused the token'))
    expect(await connectionOf(node, 'late')).toBeUndefined()
    expect(await connectionOf(node, 'old')).toBe('CONNECTED')
    for (const each of [node, old, late]) expect(each.log() + each.started.out()).not.toContain(TOKEN)
  })

  it('goes on with the configuration it has when the changed one is broken', async () => {
    mkdirSync(dir('orch'))
    const config = join(dir('orch'), 'config.yaml')
    writeFileSync(config, 'Logging:\n  Level: debug\n')
    const node = await serveNode(home, ['--orchestrator', '--data-dir', dir('orch'), ...settings({ 'Orchestrator.Port': '0' })])
    writeFileSync(config, 'Logging: [\n')
    node.started.child.kill('SIGHUP')
    await eventually('the complaint', () => /changed configuration is not used.*config\.yaml, line/.test(node.log()))
    expect(await node.client.call('agentAlive')).toEqual({ Status: 'OK' })
    expect(readFileSync(config, 'utf8')).toBe('Logging: [\n')
    expect(await node.stop()).toBe(0)
    expect(await refused('--orchestrator', '--data-dir', dir('orch'))).toMatch(/config\.yaml, line \d/)
  })

  it('keeps tokens out of arguments, environments, logs and output', async () => {
    const node = await orchestrator({ 'Logging.Level': 'trace' })
    const worker = await serveNode(home, [
      '--compute',
      '--name',
      'worker',
      '--data-dir',
      dir('worker'),
      ...settings({ 'Compute.Orchestrators': `${TOKEN}@${at(node)}`, 'Logging.Level': 'trace' }),
    ])
    await whenListed(node, 'worker')
    expect(await outsideOf(natsServerPid(node))).not.toContain(TOKEN)
    const shown = JSON.stringify([
      await worker.client.call('agentConfig'),
      await worker.client.call('shoalConnection'),
      await node.client.call('agentConfig'),
    ])
    for (const text of [shown, node.log(), node.started.out(), worker.log(), worker.started.out()]) expect(text).not.toContain(TOKEN)
  })

  it('with a wrong token says so in one sentence, and keeps trying', async () => {
    const node = await orchestrator()
    const worker = await compute('worker', at(node), { 'Compute.Auth.Token': 'wrong-token' })
    await eventually('three tries', async () => {
      const { connection } = await worker.client.call('shoalConnection')
      return connection.kind === 'waiting' && connection.code === 'nats.refused' && connection.attempt >= 3
    })
    expect(worker.started.out().split('refused the token')).toHaveLength(2)
    expect(worker.started.child.exitCode).toBeNull()
    expect(await worker.stop()).toBe(0)
  })

  it('takes nodes over TLS and over WebSocket', async () => {
    const certificates = join(process.cwd(), 'test', 'fixtures', 'certificates')
    const tls = {
      'Orchestrator.TLS.ServerCert': join(certificates, 'server.pem'),
      'Orchestrator.TLS.ServerKey': join(certificates, 'server-key.pem'),
      'Orchestrator.TLS.CACert': join(certificates, 'ca.pem'),
    }
    const node = await orchestrator({ ...tls, 'Orchestrator.WebSocket.Enabled': 'true', 'Orchestrator.WebSocket.Port': '0' })
    const trust = { 'Compute.TLS.CACert': join(certificates, 'ca.pem') }
    await compute('tcp', `tls://127.0.0.1:${node.natsPort}`, trust)
    await compute('first', at(node), { ...trust, 'Compute.TLS.RequireTLS': 'true' })
    await compute('web', `wss://127.0.0.1:${node.webSocketPort}`, trust)
    for (const name of ['tcp', 'first', 'web']) await whenListed(node, name)
    const stranger = await compute('stranger', at(node))
    await eventually('the reason', () => stranger.started.out().includes('certificate'))
  })

  it('writes its log as JSON where that is configured', async () => {
    const started = home.start(['serve', '--orchestrator', ...settings({ 'Orchestrator.Port': '0', 'Logging.Mode': 'json' })])
    await eventually('readiness', () => started.out().includes('"The node is ready."'))
    started.child.kill('SIGTERM')
    const { code, out } = await started.ended
    expect(code).toBe(0)
    for (const line of out.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) as string, message: expect.any(String) as string })
  })

  it('ends within five seconds although nats-server hangs', async () => {
    const node = await orchestrator()
    const nats = natsServerPid(node)
    process.kill(nats, 'SIGSTOP')
    const began = performance.now()
    expect(await node.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(5000)
    expect(await isRunning(nats)).toBe(false)
  })

  it('ends in order when it is told to before it is up', async () => {
    const started = home.start(['serve', '--orchestrator', ...settings({ 'Orchestrator.Port': '0' })])
    await eventually('its lock', () => existsSync(join(home.home, '.shoal', 'node.lock')))
    started.child.kill('SIGTERM')
    expect((await started.ended).code).toBe(0)
    expect(readdirSync(join(home.home, '.shoal', 'run')).filter((name) => name.endsWith('.json'))).toEqual([])
  })
})
