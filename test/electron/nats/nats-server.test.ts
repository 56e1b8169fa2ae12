import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { loginsOf } from '../../../electron/nats/credentials'
import { startNatsServer, type NatsServer, type StartNatsServerOptions } from '../../../electron/nats/nats-server'
import { openBareConnection } from '../../../electron/transport/connection/bare-connection'
import { bundle } from '../../fixtures/bundle'
import { serverSetting, type ServerSetting } from '../../fixtures/embedded-server'
import { eventually, isRunning } from '../../fixtures/eventually'
import { natsServerBinary } from '../../fixtures/nats-server'

const settings: ServerSetting[] = []
const servers: NatsServer[] = []
const others: ChildProcess[] = []
afterEach(async () => {
  for (const other of others.splice(0)) other.kill('SIGKILL')
  for (const server of servers.splice(0)) await server.stop()
  for (const setting of settings.splice(0)) setting.remove()
})

async function setting(change: Partial<StartNatsServerOptions> = {}): Promise<ServerSetting> {
  const made = await serverSetting(change)
  settings.push(made)
  return made
}

async function start(options: StartNatsServerOptions): Promise<NatsServer> {
  const server = await startNatsServer(options)
  servers.push(server)
  return server
}

/** A program that listens on a port of this machine; resolves with the port. */
async function listener(port = 0): Promise<number> {
  const child = spawn(
    process.execPath,
    ['-e', `require('net').createServer().listen(${port}, '127.0.0.1', function () { console.log(this.address().port) })`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  others.push(child)
  return new Promise((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))))
}

const nothingLeft = (runDir: string): void => {
  expect(readdirSync(runDir)).toEqual([])
}

describe('startNatsServer', () => {
  it('is ready when it says so, by its own account', async () => {
    const { options } = await setting()
    const server = await start(options)
    expect(server).toMatchObject({ host: '127.0.0.1', port: options.port, storeWarnings: [] })
    expect(server.version).toMatch(/^2\.\d+\.\d+/)
    for (const login of loginsOf(server.credentials)) {
      const connection = await openBareConnection({ host: server.host, port: server.port, name: 'test', login, timeoutMs: 2000 })
      expect(connection.server).toMatchObject({ serverId: server.serverId, serverName: 'n-orchestrator' })
      connection.close()
    }
  })

  it('keeps its secrets in a file for this user only, out of arguments, environment and log', async () => {
    const { options, entries } = await setting()
    const server = await start(options)
    const file = join(options.runDir, 'nats-server.conf')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const secrets = loginsOf(server.credentials).map(({ password }) => password)
    for (const secret of secrets) {
      expect(readFileSync(file, 'utf8')).toContain(secret)
      expect(JSON.stringify(entries)).not.toContain(secret)
      if (process.platform !== 'linux') continue
      for (const place of ['cmdline', 'environ']) expect(readFileSync(`/proc/${server.pid}/${place}`, 'utf8')).not.toContain(secret)
    }
  })

  it('does not take over a file that others could read', async () => {
    const { options } = await setting()
    mkdirSync(options.runDir)
    writeFileSync(join(options.runDir, 'nats-server.conf'), 'old', { mode: 0o644 })
    await start(options)
    expect(statSync(join(options.runDir, 'nats-server.conf')).mode & 0o777).toBe(0o600)
  })

  it('stops when asked and leaves no file', async () => {
    const { options } = await setting()
    const server = await start(options)
    await Promise.all([server.stop(), server.stop()])
    expect(await server.exited).toMatchObject({ expected: true })
    expect(await isRunning(server.pid)).toBe(false)
    nothingLeft(options.runDir)
  })

  it('kills a server that does not end when asked', async () => {
    const { options, entries } = await setting({ stopGraceMs: 100 })
    const server = await start(options)
    process.kill(server.pid, 'SIGSTOP')
    await server.stop()
    expect(await server.exited).toMatchObject({ expected: true, signal: 'SIGKILL' })
    expect(entries.map(({ message }) => message)).toContain('nats-server did not end when asked and is killed.')
  })

  it('tells that it was killed, and can be started again with the same logins and data', async () => {
    const { options } = await setting()
    const first = await start(options)
    await write(first, 'ledger', 100)
    process.kill(first.pid, 'SIGKILL')
    expect(await first.exited).toMatchObject({ expected: false, signal: 'SIGKILL' })
    nothingLeft(options.runDir)
    const second = await start(options)
    expect(second.serverId).not.toBe(first.serverId)
    expect(await count(second, 'ledger')).toBe(100)
  })

  it.runIf(process.platform !== 'win32')('is gone within 2 s after its owner was killed', async () => {
    const program = await bundle('test/fixtures/programs/server-owner.ts')
    const folder = mkdtempSync(join(tmpdir(), 'owner-'))
    const owner = spawn(process.execPath, [program.file], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] })
    const pid = await new Promise<number>((resolve) => owner.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))))
    expect(await isRunning(pid)).toBe(true)
    owner.kill('SIGKILL')
    await eventually('the server is gone', async () => !(await isRunning(pid)), 2000)
    program.remove()
    rmSync(folder, { recursive: true })
  })
})

describe('a start that fails', () => {
  it('names the program that has the port, and a free one', async () => {
    const port = await listener()
    const { options } = await setting({ port })
    await expect(startNatsServer(options)).rejects.toMatchObject({
      code: 'port.taken',
      message: `Port ${port} (Orchestrator.Port) is taken by node (pid ${others[0]?.pid}).`,
      details: { key: 'Orchestrator.Port', free: expect.stringMatching(/^\d+$/) as string },
    })
    nothingLeft(options.runDir)
  })

  it('is not fooled by another NATS server that takes any login', async () => {
    const { options } = await setting()
    const foreign = spawn(natsServerBinary(), ['-a', '127.0.0.1', '-p', String(options.port)], { stdio: 'ignore' })
    others.push(foreign)
    await eventually('it answers', () =>
      openBareConnection({ host: '127.0.0.1', port: options.port, name: 'test', login: { user: 'x', password: 'y' }, timeoutMs: 1000 }).then(
        (connection) => (connection.close(), true),
        () => false,
      ),
    )
    await expect(startNatsServer(options)).rejects.toMatchObject({
      code: 'port.taken',
      details: { owner: 'nats-server', ownerPid: String(foreign.pid) },
    })
  })

  it('names the WebSocket port by its own key', async () => {
    const port = await listener()
    const { options } = await setting({ websocket: { host: '127.0.0.1', port } })
    await expect(startNatsServer(options)).rejects.toMatchObject({
      code: 'port.taken',
      details: { key: 'Orchestrator.WebSocket.Port', port: String(port) },
    })
  })

  it.each<[string, Partial<StartNatsServerOptions>, string]>([
    ['an address of another machine', { host: '192.0.2.1' }, 'address.not-here'],
    ['TLS files that are not there', { tls: { certFile: '/no/cert.pem', keyFile: '/no/key.pem' } }, 'nats.tls-files'],
    ['an address to tell that is none', { advertise: 'not a port:x' }, 'nats.advertise'],
    ['no program', { binary: '/no/nats-server' }, 'process.not-found'],
    ['a program that ends at once', { binary: '/bin/false' }, 'nats.start-failed'],
    ['a program that never answers', { binary: '/bin/cat', readyTimeoutMs: 100 }, 'nats.start-failed'],
  ])('says what is wrong: %s', async (_what, change, code) => {
    const { options } = await setting(change)
    await expect(startNatsServer(options)).rejects.toMatchObject({ code })
    nothingLeft(options.runDir)
  })

  it('says that the folder of the state log is a file, and that it is damaged', async () => {
    const { options } = await setting()
    mkdirSync(options.runDir, { recursive: true })
    const file = join(options.runDir, 'file')
    writeFileSync(file, '')
    await expect(startNatsServer({ ...options, storeDir: join(file, 'store') })).rejects.toMatchObject({ code: 'nats.store-unwritable' })

    const server = await startNatsServer(options)
    await write(server, 'ledger', 10)
    await server.stop()
    const meta = readdirSync(options.storeDir, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('meta.inf'))
    writeFileSync(join(options.storeDir, meta ?? ''), 'garbage')
    await expect(startNatsServer(options)).rejects.toMatchObject({
      code: 'nats.store-damaged',
      message: expect.stringContaining(options.storeDir) as string,
    })
    expect(existsSync(join(options.storeDir, meta ?? ''))).toBe(true)
  })

  it.runIf(canMount())('says that the disk is full', async () => {
    const disk = mkdtempSync(join(tmpdir(), 'disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
    try {
      const { options } = await setting({ storeDir: join(disk, 'store') })
      await expect(startNatsServer(options)).rejects.toMatchObject({ code: 'disk.full', hint: expect.stringContaining('Make room') as string })
    } finally {
      execFileSync('umount', [disk])
      rmSync(disk, { recursive: true })
    }
  })
})

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const disk = mkdtempSync(join(tmpdir(), 'disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' })
    execFileSync('umount', [disk], { stdio: 'ignore' })
    return true
  } catch {
    return false // A container without that right.
  } finally {
    rmSync(disk, { recursive: true })
  }
}

async function write(server: NatsServer, stream: string, messages: number): Promise<void> {
  const { user, password } = server.credentials.state
  const connection = await connect({ port: server.port, user, pass: password })
  const manager = await jetstreamManager(connection)
  await manager.streams.add({ name: stream, subjects: [stream] })
  for (let index = 0; index < messages; index += 1) await jetstream(connection).publish(stream, 'record')
  await connection.close()
}

async function count(server: NatsServer, stream: string): Promise<number> {
  const { user, password } = server.credentials.state
  const connection = await connect({ port: server.port, user, pass: password })
  const { state } = await (await jetstreamManager(connection)).streams.info(stream)
  await connection.close()
  return state.messages
}
