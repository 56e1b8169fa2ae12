import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Compute, startCompute } from '../../../electron/compute/start-compute'
import { bacErrorReply } from '../../../electron/transport/ncl/bac-error'
import { forkCompanions } from '../../../electron/process/companion'
import { createLogger, type LogEntry } from '../../../electron/log/logger'
import { defaultConfig } from '../../../shared/config/schema'
import { type NatsServer, startNatsServer } from '../../fixtures/nats-server'
import { accepted, handshakeRequired, type PlayedOrchestrator, playOrchestrator, rejected } from '../../fixtures/played-orchestrator'

const TOKEN = 'canary-4f1d-token'
let dir: string
let server: NatsServer
let orchestrator: PlayedOrchestrator | undefined
let compute: Compute | undefined
let logged: LogEntry[]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shoal-compute-'))
  server = await startNatsServer({ config: `authorization { token: "${TOKEN}" }` })
  logged = []
})
afterEach(async () => {
  await compute?.stop()
  await orchestrator?.stop()
  await server.stop()
  compute = orchestrator = undefined
  rmSync(dir, { recursive: true, force: true })
  expect(JSON.stringify(logged)).not.toContain(TOKEN)
})

const until = <Value>(condition: () => Value | false | undefined, timeout = 15_000) => vi.waitUntil(condition, { timeout, interval: 5 })
const messages = (level?: string) => logged.filter((entry) => level === undefined || entry.level === level).map((entry) => entry.message)

interface Setting {
  readonly orchestrators?: readonly string[]
  readonly token?: string
  readonly interval?: string
  readonly path?: string
}
async function join_({ orchestrators = [server.url], token = TOKEN, interval = '200ms', path = '' }: Setting = {}): Promise<Compute> {
  const { Compute: base } = defaultConfig
  compute = await startCompute({
    nodeId: 'n-1',
    config: {
      ...defaultConfig,
      Compute: {
        ...base,
        Orchestrators: [...orchestrators],
        Auth: { Token: token },
        Heartbeat: { ...base.Heartbeat, Interval: interval, InfoUpdateInterval: '50ms' },
      },
      Labels: { zone: 'north' },
    },
    dataDir: dir,
    launch: forkCompanions(dir),
    hostEnv: {},
    asked: () => false,
    shoalVersion: '0.1.0',
    platform: 'linux',
    arch: 'x64',
    path,
    startedAt: 1_700_000_000_000,
    clock: { now: Date.now, monotonicMs: () => performance.now() },
    random: Math.random,
    log: createLogger({ sinks: [{ write: (entry) => logged.push(entry) }], level: 'trace', secrets: () => [] }),
  })
  return compute
}
const play = async () => (orchestrator = await playOrchestrator(server.url, TOKEN))
const connected = () => until(() => compute?.connection.kind === 'connected' && compute.connection)

describe('a compute node', () => {
  it('introduces itself first, then sends heartbeats with capacity and position', async () => {
    const o = await play()
    o.answers.handshake = () => accepted(41)
    const node = await join_()
    await until(() => o.all('transport.HeartbeatRequest').length >= 2)
    expect(o.heard[0]?.type).toBe('transport.HandshakeRequest')
    const [hello] = o.all('transport.HandshakeRequest')
    expect(hello).toMatchObject({
      StartTime: '2023-11-14T22:13:20Z',
      LastOrchestratorSeqNum: 0,
      NodeInfo: {
        NodeID: 'n-1',
        NodeType: 'Compute',
        Labels: { zone: 'north', name: 'n-1', os_type: 'linux' },
        SupportedProtocols: ['bprotocol/v2', 'ncl/v1'],
      },
    })
    const capacity = hello?.NodeInfo.ComputeNodeInfo.MaxCapacity
    expect(capacity?.CPU).toBeGreaterThan(0)
    expect(o.all('transport.HeartbeatRequest')[0]).toEqual({
      NodeID: 'n-1',
      AvailableCapacity: capacity,
      QueueUsedCapacity: {},
      LastOrchestratorSeqNum: 41,
      Executions: [],
    })
    expect(node.connection).toMatchObject({ kind: 'connected', address: server.url })
    expect(node.describeConnection().orchestrators).toEqual([{ address: server.url, source: 'configured', current: true }])
  })

  it('tells once after each handshake which executions it has, and again while the orchestrator cannot say what it wants', async () => {
    const o = await play()
    const told = () => o.all('transport.HeartbeatRequest').map(({ Executions }) => Executions)
    let answers = 2
    o.answers.heartbeat = () => {
      answers -= 1
      return { type: 'transport.HeartbeatResponse', payload: { LastComputeSeqNum: 0, UnwantedExecutions: answers > 0 ? null : [] } }
    }
    await join_()
    await until(() => told().length >= 4)
    expect(told().slice(0, 4)).toEqual([[], [], undefined, undefined])
    const before = told().length
    let demands = 1
    o.answers.heartbeat = () => (demands-- > 0 ? handshakeRequired : { type: 'transport.HeartbeatResponse', payload: { LastComputeSeqNum: 0 } })
    await until(() => o.all('transport.HandshakeRequest').length === 2)
    // An orchestrator of another make says nothing to it: it is not bothered again.
    await until(() => told().length >= before + 4)
    expect(
      told()
        .slice(before)
        .filter((executions) => executions !== undefined),
    ).toEqual([[]])
  })

  it('listens before it introduces itself, and counts what follows the answer', async () => {
    const o = await play()
    let sent: Promise<void> | undefined
    o.answers.handshake = () => {
      sent = o.send('n-1', 'CancelExecution', { Events: null, ExecutionID: 'e-0' }, 7)
      return accepted(3)
    }
    await join_()
    await until(() => sent !== undefined)
    await sent
    await until(() => o.all('transport.HeartbeatRequest').some((beat) => beat.LastOrchestratorSeqNum === 7))
  })

  it('shakes hands again on the living connection when it is asked to', async () => {
    const o = await play()
    const node = await join_()
    await until(() => node.connection.kind === 'connected' && node.connection.lastHeartbeatAt)
    let demands = 1
    o.answers.heartbeat = () => (demands-- > 0 ? handshakeRequired : { type: 'transport.HeartbeatResponse', payload: {} })
    await until(() => o.all('transport.HandshakeRequest').length === 2)
    await connected()
    expect(server.log()).not.toContain('n-1 disconnected')
  })

  it('that starts before its orchestrator joins when that comes', async () => {
    const node = await join_()
    await until(() => node.connection.kind === 'waiting' && node.connection.code === 'orchestrator.absent')
    await play()
    await connected()
    expect(messages('warn').filter((text) => text.includes('no orchestrator listens'))).toHaveLength(1)
  })

  it('that starts before there is any server waits, says so once, and joins', async () => {
    await server.kill()
    const node = await join_()
    await until(() => node.connection.kind === 'waiting' && node.connection.attempt >= 2)
    expect(node.connection).toMatchObject({ kind: 'waiting', code: 'nats.unreachable' })
    server = await server.restart()
    await play()
    await connected()
    expect(messages('warn').filter((text) => text.includes('could be reached'))).toHaveLength(1)
  })

  it('with a wrong token says so in one sentence and keeps trying; a new token is used at once', async () => {
    await play()
    const node = await join_({ token: 'wrong-token' })
    await until(() => node.connection.kind === 'waiting' && node.connection.attempt >= 2)
    expect(node.connection).toMatchObject({ kind: 'waiting', code: 'nats.refused', message: expect.stringContaining('refused the token') as string })
    expect(messages('warn').filter((text) => text.includes('refused the token'))).toHaveLength(1)
    expect(messages().join()).not.toContain('wrong-token')
    node.redirect({ addresses: [{ scheme: 'nats', host: '127.0.0.1', port: server.port }], token: TOKEN, caFile: '', requireTls: false })
    await connected()
  })

  it('comes back within two seconds of its server, and introduces itself anew', async () => {
    const o = await play()
    const node = await join_()
    await connected()
    await server.kill()
    await until(() => node.connection.kind === 'waiting')
    expect(node.connection).toMatchObject({ code: 'nats.lost' })
    server = await server.restart()
    const back = performance.now()
    await until(() => o.all('transport.HandshakeRequest').length >= 2)
    await connected()
    expect(performance.now() - back).toBeLessThan(2000)
  })

  it('that is rejected says what to do, keeps asking, and joins once it is approved', async () => {
    const o = await play()
    o.answers.handshake = () => rejected
    const node = await join_()
    await until(() => node.connection.kind === 'waiting' && node.connection.attempt >= 2)
    expect(node.connection).toMatchObject({
      code: 'handshake.rejected',
      message: expect.stringContaining('node has been rejected') as string,
      hint: expect.stringContaining('shoal node approve n-1') as string,
    })
    o.answers.handshake = () => accepted()
    await connected()
  })

  it('gives up a connection on which heartbeats fail for five intervals', async () => {
    const o = await play()
    const node = await join_()
    await until(() => node.connection.kind === 'connected' && node.connection.lastHeartbeatAt)
    o.answers.heartbeat = () => bacErrorReply('the store is broken', '')
    await until(() => o.all('transport.HandshakeRequest').length >= 2, 8000)
  })

  it('tells its orchestrator when it stops', async () => {
    const o = await play()
    const node = await join_()
    await connected()
    await node.stop()
    expect(o.all('transport.ShutdownNoticeRequest')).toEqual([{ NodeID: 'n-1', LastOrchestratorSeqNum: 0 }])
    expect(node.connection).toEqual({ kind: 'stopped' })
  })

  it('stops within a second and a half when the orchestrator hangs', async () => {
    const node = await join_({ interval: '10s' })
    await play()
    await connected()
    server.signal('SIGSTOP')
    const began = performance.now()
    await node.stop()
    expect(performance.now() - began).toBeLessThan(1500)
    server.signal('SIGCONT')
  })

  it('refuses work with the reason, once, also when it is asked again', async () => {
    const o = await play()
    await join_()
    await connected()
    const execution = {
      ID: 'e-1',
      JobID: 'j-1',
      Job: { ID: 'j-1', Type: 'batch', Meta: {}, Tasks: [{ Name: 'main', Engine: { Type: 'wasm' } }] },
      DesiredState: { StateType: 0 },
      ComputeState: { StateType: 1 },
      Revision: 1,
    }
    await o.send('n-1', 'AskForBid', { Execution: execution }, 1)
    await o.send('n-1', 'AskForBid', { Execution: execution }, 1)
    await o.send('n-1', 'AskForBid', { Execution: { ...execution, ID: 'e-2', DesiredState: { StateType: 1 } } }, 2)
    await o.send('n-1', 'CancelExecution', { ExecutionID: 'e-1' }, 3)
    await until(() => o.all('BidResult').length > 1)
    expect(o.all('BidResult')).toMatchObject([
      { ExecutionID: 'e-1', JobID: 'j-1', JobType: 'batch', Accepted: false, Events: [{ Topic: 'Exec Scanning' }] },
      { ExecutionID: 'e-2', Accepted: false },
    ])
    expect(o.all('ComputeError')).toEqual([])
  })

  it('answers garbage with an error, and goes on', async () => {
    const o = await play()
    await join_()
    await connected()
    for (const garbage of ['', '\x01', '\x01\0\0\0\0{}', '{'.repeat(3000), '\x09junk']) expect(await o.sendRaw('n-1', garbage)).toContain('"error"')
    await o.send('n-1', 'AskForBid', { Execution: { ID: 'e-1', JobID: 'j', Job: { Type: 'batch' }, ComputeState: { StateType: 1 } } }, 1)
    await until(() => o.all('BidResult').length === 1)
    await until(() => compute?.connection.kind === 'connected' && compute.connection.lastHeartbeatAt)
  })

  it('sends again after a handshake what was not acknowledged, in order', async () => {
    const o = await play()
    o.answers.ack = () => undefined
    const node = await join_()
    await until(() => node.connection.kind === 'connected' && node.connection.lastHeartbeatAt)
    for (const number of [1, 2])
      await o.send(
        'n-1',
        'AskForBid',
        { Execution: { ID: `e-${number}`, JobID: 'j', Job: { Type: 'batch' }, ComputeState: { StateType: 1 } } },
        number,
      )
    await until(() => o.all('BidResult').length === 2)
    o.answers.ack = () => '{}'
    let demands = 1
    o.answers.heartbeat = () => (demands-- > 0 ? handshakeRequired : { type: 'transport.HeartbeatResponse', payload: {} })
    await until(() => o.all('BidResult').length === 4)
    expect(o.all('BidResult').map((result) => result.ExecutionID)).toEqual(['e-1', 'e-2', 'e-1', 'e-2'])
  })

  it.skipIf(process.platform === 'win32')('does not wait for its GPUs, and tells of them when they are found', async () => {
    writeFileSync(join(dir, 'nvidia-smi'), '#!/bin/sh\nsleep 0.5\necho "0, Tesla T4, 15360, 00000000:00:1E.0"\n')
    chmodSync(join(dir, 'nvidia-smi'), 0o755)
    const o = await play()
    await join_({ path: [dir, process.env['PATH']].join(delimiter) })
    await connected()
    expect(o.all('transport.HandshakeRequest')[0]?.NodeInfo.ComputeNodeInfo.MaxCapacity?.GPU).toBeUndefined()
    await until(() => o.all('transport.UpdateNodeInfoRequest').length > 0)
    expect(o.all('transport.UpdateNodeInfoRequest')).toMatchObject([
      { NodeInfo: { Labels: { 'GPU-0': 'Tesla-T4' }, ComputeNodeInfo: { MaxCapacity: { GPU: 1 } } } },
    ])
  })

  it('with a configuration that can never work does not start', async () => {
    await expect(join_({ orchestrators: ['ftp://x'] })).rejects.toMatchObject({ code: 'address.invalid' })
    await expect(join_({ orchestrators: [] })).rejects.toMatchObject({ code: 'address.missing' })
  })
})
