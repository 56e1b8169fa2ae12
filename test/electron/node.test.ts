import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildWhatChanged } from '../../scripts/build.mjs'
import { type HostReport, hostReportSchema } from '../../shared/host-report'
import { eventually, isRunning } from '../fixtures/eventually'

let home: string
let children: ChildProcess[]

beforeAll(async () => {
  expect(await buildWhatChanged({ only: ['core'] })).toBe(true)
})
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'shoal-host-'))
  children = []
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(home, { recursive: true, force: true })
})

interface Host {
  readonly child: ChildProcess
  readonly reports: readonly HostReport[]
  ready(): Promise<Extract<HostReport, { kind: 'ready' }>>
  order(order: object): void
  ended(): Promise<number | null>
}

function host(name: string, ...args: string[]): Host {
  const child = fork(resolve('dist/node.js'), ['--data-dir', join(home, name), '--name', name, '-c', 'API.Port=0', ...args], {
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  children.push(child)
  const reports: HostReport[] = []
  child.on('message', (message) => reports.push(hostReportSchema.parse(message)))
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
  return {
    child,
    reports,
    ready: () => eventually('ready', () => reports.find((report) => report.kind === 'ready'), 15_000),
    order: (order) => void child.send(order),
    ended: () => exited,
  }
}
const orchestratorFlags = ['--orchestrator', '-c', 'Orchestrator.Port=0']
const steps = ({ reports }: Host) => reports.flatMap((report) => (report.kind === 'step' ? [`${report.step} ${report.status}`] : []))
const connections = ({ reports }: Host) => reports.flatMap((report) => (report.kind === 'compute' ? [report.connection] : []))

describe('the role host', () => {
  it('reports the steps of a start with their times, then that it is ready', async () => {
    const both = host('both', ...orchestratorFlags, '--compute')
    const ready = await both.ready()
    expect(ready).toMatchObject({ nodeId: 'both', roles: ['orchestrator', 'compute'], notices: [], nats: { host: '127.0.0.1' } })
    await eventually('the last step', () => steps(both).includes('heartbeat done'))
    const names = ['data-directory', 'ports', 'nats-server', 'state-log', 'handshake', 'api', 'heartbeat']
    expect([...steps(both)].sort()).toEqual(names.flatMap((name) => [`${name} begun`, `${name} done`]).sort())
    const inOrder = ['data-directory', 'ports', 'nats-server', 'state-log', 'api'].map((name) => steps(both).indexOf(`${name} done`))
    expect(inOrder).toEqual([...inOrder].sort((one, other) => one - other))
    for (const report of both.reports) if (report.kind === 'step' && report.status === 'done') expect(report.ms).toBeGreaterThanOrEqual(0)
    expect(both.reports.find((report) => report.kind === 'step' && report.step === 'nats-server' && report.status === 'done')).toMatchObject({
      detail: expect.stringMatching(/^\d+\.\d+\.\d+, pid \d+$/) as string,
    })
    expect(await fetch(`${ready.apiUrl}/api/v1/agent/alive`).then((answer) => answer.json())).toEqual({ Status: 'OK' })
  })

  it('stops in order when it is told to', async () => {
    const one = host('one', ...orchestratorFlags)
    const { nats } = await one.ready()
    one.order({ kind: 'stop' })
    expect(await one.ended()).toBe(0)
    expect(await isRunning(nats?.pid ?? 0)).toBe(false)
  })

  it('reads its configuration again when it is told to, and follows its orchestrator to another place', async () => {
    const [first, second] = [host('first', ...orchestratorFlags), host('second', ...orchestratorFlags)]
    const ports = [(await first.ready()).nats?.port, (await second.ready()).nats?.port]
    mkdirSync(join(home, 'worker'))
    const config = (port: number | undefined): void =>
      writeFileSync(join(home, 'worker', 'config.yaml'), `Compute:\n  Orchestrators: [127.0.0.1:${port}]\n`)
    config(ports[0])
    const worker = host('worker', '--compute')
    await eventually('the first orchestrator', () =>
      connections(worker).some((connection) => connection.kind === 'connected' && connection.serverName === 'first'),
    )
    config(ports[1])
    worker.order({ kind: 'reload' })
    await eventually('the second orchestrator', () =>
      connections(worker).some((connection) => connection.kind === 'connected' && connection.serverName === 'second'),
    )
  })

  it('says why it cannot start, and ends', async () => {
    const wrong = host('wrong', '--compute', '-c', 'Compute.AllocatedCapacity.CPU=120%')
    expect(await wrong.ended()).toBe(1)
    expect(wrong.reports.at(-1)).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringContaining('Compute.AllocatedCapacity.CPU') as string },
    })
  })

  it('says which step of the start failed', async () => {
    mkdirSync(join(home, 'foreign'))
    writeFileSync(join(home, 'foreign', 'system_metadata.yaml'), '')
    const foreign = host('foreign', '--compute')
    expect(await foreign.ended()).toBe(1)
    expect(foreign.reports).toMatchObject([
      { kind: 'step', step: 'data-directory', status: 'begun' },
      { kind: 'step', status: 'failed' },
      { kind: 'failed', failure: { code: 'data-dir.bacalhau' } },
    ])
  })

  it('ends with its parent, and nats-server with it, within two seconds of the parent’s SIGKILL', async () => {
    const script = `const { fork } = require('node:child_process')
      const child = fork(${JSON.stringify(resolve('dist/node.js'))}, ${JSON.stringify(['--data-dir', join(home, 'orphan'), '--name', 'orphan', '-c', 'API.Port=0', ...orchestratorFlags])}, { env: { PATH: process.env.PATH, HOME: ${JSON.stringify(home)} } })
      child.on('message', (message) => { if (message.kind === 'ready') console.log(JSON.stringify([child.pid, message.nats.pid])) })`
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(parent)
    let out = ''
    parent.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    const pids = await eventually('the pids', () => /^\[.*\]$/m.exec(out)?.[0], 15_000).then((text) => JSON.parse(text) as number[])
    for (const pid of pids) expect(await isRunning(pid)).toBe(true)
    parent.kill('SIGKILL')
    await eventually('the end of both', async () => (await Promise.all(pids.map(isRunning))).every((alive) => !alive), 2000)
    expect(readFileSync(join(home, 'orphan', 'logs', 'node.log'), 'utf8')).toContain('message channel of the parent ended')
  })
})
