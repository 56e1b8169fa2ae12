import { spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { parseAddresses } from '../../../shared/address'
import { fingerprint } from '../../../electron/access/tokens'
import type { TokenTable } from '../../../electron/access/authorization'
import { startNatsServer, type StartNatsServerOptions } from '../../../electron/nats/nats-server'
import { findFreePort } from '../../../electron/process/ports'
import { dial } from '../../../electron/transport/dial'
import { bundle, type Bundle } from '../../fixtures/bundle'
import { startGuardedServer, type GuardedServer } from '../../fixtures/embedded-server'
import { eventually } from '../../fixtures/eventually'

let gateFile: Bundle
let connector: Bundle
beforeAll(async () => {
  ;[gateFile, connector] = await Promise.all([bundle('electron/gate.ts'), bundle('test/fixtures/programs/connector.ts')])
})
afterAll(() => {
  gateFile.remove()
  connector.remove()
})

const guarded: GuardedServer[] = []
const connections: NatsConnection[] = []
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close()
  for (const each of guarded.splice(0)) await each.stop()
})

async function start(tokens: TokenTable, change: Partial<StartNatsServerOptions> = {}): Promise<GuardedServer> {
  const made = await startGuardedServer(gateFile.file, tokens, change)
  guarded.push(made)
  return made
}

async function node({ server }: GuardedServer, name: string | undefined, token: string | undefined): Promise<NatsConnection> {
  const connection = await connect({
    port: server.port,
    ...(name === undefined ? {} : { name }),
    ...(token === undefined ? {} : { token }),
    reconnect: false,
  })
  connections.push(connection)
  return connection
}

async function orchestratorOf({ server }: GuardedServer): Promise<NatsConnection> {
  const { user, password } = server.credentials.orchestrator
  const connection = await connect({ port: server.port, user, pass: password })
  connections.push(connection)
  return connection
}

/** Runs the connector beside us; resolves with the milliseconds of each connect. */
async function connectMany(port: number, token: string, total: number, atOnce: number): Promise<number[]> {
  const child = spawn(process.execPath, [connector.file, String(port), String(total), String(atOnce)], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(token)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await new Promise((resolve) => child.once('close', resolve))
  return output.trim().split('\n').slice(1).map(Number)
}

describe('the gate', () => {
  it('admits the right token and refuses another or none, and remembers why', async () => {
    const cluster = await start(['right'])
    const grown: string[] = []
    cluster.gate.onRefusal(({ node: name, reason, count }) => grown.push(`${name} ${reason} ${count}`))
    await node(cluster, 'n-1', 'right')
    await expect(node(cluster, 'n-2', 'wrong')).rejects.toThrow(/authorization/i)
    await expect(node(cluster, 'n-2', 'wrong')).rejects.toThrow(/authorization/i)
    await expect(node(cluster, 'n-3', undefined)).rejects.toThrow(/authorization/i)
    await expect(node(cluster, 'n.4', 'right')).rejects.toThrow(/authorization/i)
    await eventually('all refusals are told', () => grown.length === 4)
    expect(grown).toEqual(['n-2 wrong-token 1', 'n-2 wrong-token 2', 'n-3 no-token 1', 'n.4 bad-name 1'])
    expect(cluster.gate.refusals()).toMatchObject([
      { node: 'n.4', reason: 'bad-name', host: '127.0.0.1', count: 1 },
      { node: 'n-3', reason: 'no-token', count: 1 },
      { node: 'n-2', reason: 'wrong-token', fingerprint: fingerprint('wrong'), count: 2 },
    ])
  })

  it('admits everybody where there is no token, with the same limits', async () => {
    const cluster = await start('open')
    const one = await node(cluster, 'n-1', undefined)
    await node(cluster, 'n-2', 'a token that nobody asked for')
    await expect(one.request('$JS.API.INFO', '', { timeout: 500 })).rejects.toThrow(/permission/i)
    expect(cluster.gate.refusals()).toEqual([])
  })

  it('holds a connection to the subjects of the node it names', async () => {
    const cluster = await start(['right'])
    const orchestrator = await orchestratorOf(cluster)
    const heard: string[] = []
    orchestrator.subscribe('>', {
      callback: (_error, message) => {
        if (!message.subject.startsWith('$SYS')) heard.push(message.subject)
      },
    })
    await orchestrator.flush()
    const one = await node(cluster, 'n-1', 'right')
    const violations: string[] = []
    void (async () => {
      for await (const status of one.status()) if (status.type === 'error') violations.push(status.error.message)
    })()

    const allowed = [
      'bacalhau.global.compute.n-1.out.ctrl',
      'bacalhau.global.compute.n-1.out.msgs',
      'node.management.n-1.RegisterNode/v1',
      '_INBOX.x.y',
      '_SINBOX.x.y',
      '_HEARTBEAT._SINBOX.x',
    ]
    const forbidden = [
      'bacalhau.global.compute.n-2.out.ctrl',
      'bacalhau.global.compute.n-1.in.msgs',
      'node.management.n-2.RegisterNode/v1',
      'node.compute.n-2.ExecutionLogs/v1',
      '$JS.API.INFO',
      '$SYS.REQ.USER.AUTH',
      'anything',
    ]
    for (const subject of [...forbidden, ...allowed]) one.publish(subject, 'x')
    await one.flush()
    await eventually('all that is allowed has arrived', () => heard.length >= allowed.length)
    expect(heard).toEqual(allowed)

    const received: string[] = []
    const listen = (subject: string): void => {
      one.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) received.push(message.subject)
          else violations.push(error.message)
        },
      })
    }
    for (const subject of [
      'bacalhau.global.compute.n-1.in.msgs',
      'node.compute.n-1.>',
      '_INBOX.mine.*',
      'bacalhau.global.compute.*.in.msgs',
      'bacalhau.global.compute.n-2.in.msgs',
      '>',
    ])
      listen(subject)
    await one.flush()
    for (const subject of [
      'bacalhau.global.compute.n-2.in.msgs',
      'anything',
      'bacalhau.global.compute.n-1.in.msgs',
      'node.compute.n-1.ExecutionLogs/v1',
      '_INBOX.mine.1',
    ])
      orchestrator.publish(subject, 'x')
    await orchestrator.flush()
    await eventually('what is its own has arrived', () => received.length >= 3)
    expect(received).toEqual(['bacalhau.global.compute.n-1.in.msgs', 'node.compute.n-1.ExecutionLogs/v1', '_INBOX.mine.1'])
    expect(violations.length).toBeGreaterThanOrEqual(forbidden.length)
  })

  it('gives a client that names no node nothing but replies', async () => {
    const cluster = await start(['right'])
    const guest = await node(cluster, undefined, 'right')
    await expect(guest.request('bacalhau.global.compute.n-1.out.ctrl', '', { timeout: 500 })).rejects.toThrow(/permission/i)
    await node(cluster, 'interop-guest', 'right')
  })

  it('measures new connections by new tokens, and lets those that are there stay', async () => {
    const cluster = await start(['old'])
    const before = await node(cluster, 'n-1', 'old')
    await cluster.gate.setTokens(['old', 'new'])
    await node(cluster, 'n-2', 'new')
    await node(cluster, 'n-3', 'old')
    await cluster.gate.setTokens(['new'])
    await expect(node(cluster, 'n-4', 'old')).rejects.toThrow(/authorization/i)
    await before.flush()
    expect(() => cluster.gate.setTokens([''])).toThrow(expect.objectContaining({ code: 'gate.empty-token' }))
    await node(cluster, 'n-5', 'new')
  })

  it('keeps tokens in a file for this user only, out of arguments, environment and log', async () => {
    const canary = 'canary-k7Qz9vB2mLw4xTr8'
    const cluster = await start([canary])
    const { runDir } = cluster.setting.options
    expect(statSync(join(runDir, 'gate-tokens.json')).mode & 0o777).toBe(0o600)
    await node(cluster, 'n-1', canary)
    await expect(node(cluster, 'n-2', `${canary}-wrong`)).rejects.toThrow(/authorization/i)
    await eventually('the refusal is told', () => cluster.gate.refusals().length === 1)
    expect(JSON.stringify(cluster.setting.entries)).not.toContain(canary)
    expect(JSON.stringify(cluster.gate.refusals())).not.toContain(canary)
    expect(readFileSync(join(runDir, 'nats-server.conf'), 'utf8')).not.toContain(canary)
    if (process.platform !== 'linux') return
    for (const place of ['cmdline', 'environ']) expect(readFileSync(`/proc/${cluster.server.pid}/${place}`, 'utf8')).not.toContain(canary)
  })
})

describe('the ways in', () => {
  const tls = { certFile: join(process.cwd(), 'test/fixtures/tls/server.cert.pem'), keyFile: join(process.cwd(), 'test/fixtures/tls/server.key.pem') }
  const ca = readFileSync(tls.certFile, 'utf8')

  async function joins(url: string, options: { ca?: string; requireTls?: boolean } = {}): Promise<void> {
    for (const token of ['right', 'wrong']) {
      const dialling = dial({ addresses: parseAddresses([url]), name: 'n-1', credentials: { kind: 'token', token: () => token }, tls: options })
      if (token === 'wrong') await expect(dialling).rejects.toMatchObject({ code: 'nats.refused' })
      else await (await dialling).close()
    }
  }

  it('takes TLS after INFO, TLS first and nothing else where there is a certificate', async () => {
    const { server } = await start(['right'], { tls })
    await joins(`tls://127.0.0.1:${server.port}`, { ca })
    await joins(`nats://127.0.0.1:${server.port}`, { ca })
    await joins(`nats://127.0.0.1:${server.port}`, { ca, requireTls: true })
    await expect(
      dial({ addresses: parseAddresses([`nats://127.0.0.1:${server.port}`]), name: 'n-1', credentials: { kind: 'token', token: () => 'right' } }),
    ).rejects.toMatchObject({ code: 'nats.tls' })
  })

  it('takes plain connections too behind a proxy that does the TLS', async () => {
    const { server } = await start(['right'], { supportReverseProxy: true })
    await joins(`nats://127.0.0.1:${server.port}`)
  })

  it('takes WebSockets, with and without TLS, but none of a web page', async () => {
    const port = (await findFreePort('127.0.0.1', 0, 1)) ?? 0
    await start(['right'], { websocket: { host: '127.0.0.1', port } })
    await joins(`ws://127.0.0.1:${port}`)
    const { WebSocket } = await import('ws')
    const page = new WebSocket(`ws://127.0.0.1:${port}`, { origin: 'https://evil.example' })
    const answer = await new Promise((resolve) =>
      page
        .once('unexpected-response', (_request, response) => resolve(response.statusCode))
        .once('open', () => resolve('open'))
        .once('error', () => undefined),
    )
    expect(answer).toBe(403)
    const securePort = (await findFreePort('127.0.0.1', 0, 1)) ?? 0
    await start(['right'], { tls, websocket: { host: '127.0.0.1', port: securePort, tls } })
    await joins(`wss://127.0.0.1:${securePort}`, { ca })
  })
})

describe('the gate under load', () => {
  it('answers while the orchestrator’s thread does nothing for 3 s', async () => {
    const { server } = await start(['right'])
    const child = spawn(process.execPath, [connector.file, String(server.port), '200', '1'], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end('right')
    let output = ''
    const began = new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        resolve()
      }),
    )
    const over = new Promise((resolve) => child.once('close', resolve))
    await began
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000)
    await over
    const times = output.trim().split('\n').slice(1).map(Number)
    expect(times).toHaveLength(200)
    expect(Math.min(...times)).toBeGreaterThan(0)
    expect(Math.max(...times)).toBeLessThan(1000)
  })

  it('takes 500 connections at once', async () => {
    const { server } = await start(['right'])
    const times = await connectMany(server.port, 'right', 500, 500)
    expect(times).toHaveLength(500)
    expect(Math.min(...times)).toBeGreaterThan(0)
    expect(Math.max(...times)).toBeLessThan(20_000)
  })

  it('stands again at once when the server was killed and started anew', async () => {
    const cluster = await start(['right'])
    process.kill(cluster.server.pid, 'SIGKILL')
    await cluster.server.exited
    const server = await startNatsServer(cluster.setting.options)
    const [time = -1] = await connectMany(server.port, 'right', 1, 1)
    expect(time).toBeGreaterThan(0)
    expect(time).toBeLessThan(1000)
    await server.stop()
  })

  it('is started again when its thread ends', async () => {
    const marker = join(gateFile.file, '..', 'marker')
    const mortal = join(gateFile.file, '..', 'mortal.js')
    writeFileSync(marker, 'mortal')
    // Ends once, soon after it has begun.
    writeFileSync(
      mortal,
      `require(${JSON.stringify(gateFile.file)}); const fs = require('fs')
       if (fs.existsSync(${JSON.stringify(marker)})) setTimeout(() => { fs.rmSync(${JSON.stringify(marker)}); process.exit(1) }, 300)`,
    )
    const cluster = await startGuardedServer(mortal, ['right'])
    guarded.push(cluster)
    await eventually(
      'it stands for the second time',
      () => cluster.setting.entries.filter(({ message }) => message === 'The gate stands.').length === 2,
    )
    await node(cluster, 'n-1', 'right')
  })

  it('says that its thread cannot run', async () => {
    await expect(startGuardedServer(join(gateFile.file, '..', 'nothing.js'), ['right'])).rejects.toMatchObject({ code: 'gate.failed' })
  })
})
