import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundle, type Bundle } from '../../../fixtures/bundle'
import { eventually } from '../../../fixtures/eventually'
import { type NatsServer, startNatsServer } from '../../../fixtures/nats-server'
import { accepted, handshakeRequired, type PlayedOrchestrator, playOrchestrator } from '../../../fixtures/played-orchestrator'
import { wasmFixture } from '../../../fixtures/wasm-task'

let program: Bundle
let wasm: readonly Bundle[]
let dir: string
let server: NatsServer
let o: PlayedOrchestrator
let node: ChildProcess | undefined
let said = ''
let sequence = 0

beforeAll(async () => {
  program = await bundle('test/fixtures/programs/compute-node.ts')
  wasm = await Promise.all([bundle('electron/wasm.ts'), bundle('electron/wasm-worker.ts')])
}, 60_000)
afterAll(() => {
  for (const each of [program, ...wasm]) each.remove()
})
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shoal-node-'))
  server = await startNatsServer({})
  o = await playOrchestrator(server.url)
  said = ''
  sequence = 0
  await start()
})
afterEach(async () => {
  await kill()
  await o.stop()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

const start = async (): Promise<void> => {
  const before = o.all('transport.HandshakeRequest').length
  node = spawn(process.execPath, [program.file, server.url, dir, ...wasm.map(({ file }) => file)], { stdio: ['ignore', 'ignore', 'pipe'], env: {} })
  node.stderr?.on('data', (text: Buffer) => (said += text.toString()))
  await eventually(`the node joins (it said: ${said})`, () => o.all('transport.HandshakeRequest').length > before, 15_000)
}
const kill = async (): Promise<void> => {
  const child = node
  node = undefined
  if (child?.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

interface Asked {
  readonly args: readonly string[]
  readonly type?: string
  readonly desired?: number
  readonly task?: object
  readonly priority?: number
}
const send = (type: Parameters<PlayedOrchestrator['send']>[1], payload: object) => o.send('n-1', type, payload, (sequence += 1))
const ask = (id: string, { args, type = 'batch', desired = 0, task = {}, priority = 0 }: Asked) =>
  send('AskForBid', {
    Events: null,
    Execution: {
      ID: id,
      Namespace: 'default',
      JobID: `j-${id}`,
      NodeID: 'n-1',
      Revision: 1,
      DesiredState: { StateType: desired },
      ComputeState: { StateType: 1 },
      Job: {
        ID: `j-${id}`,
        Name: id,
        Namespace: 'default',
        Type: type,
        Count: 1,
        Priority: priority,
        Meta: {},
        Tasks: [
          {
            Name: 'main',
            Engine: { Type: 'wasm', Params: { EntryModule: '/job.wasm', Parameters: args } },
            Publisher: { Type: '' },
            Resources: { CPU: '100m', Memory: '64mb' },
            InputSources: [
              {
                Source: { Type: 'inline', Params: { URL: `data:application/wasm;base64,${readFileSync(wasmFixture('probe')).toString('base64')}` } },
                Target: '/job.wasm',
              },
            ],
            ...task,
          },
        ],
      },
    },
  })
const approve = (id: string) => send('BidAccepted', { Events: null, ExecutionID: id, Accepted: true })
const bidOf = (id: string) => eventually(`a bid for ${id} (${said})`, () => o.all('BidResult').find(({ ExecutionID }) => ExecutionID === id), 15_000)
const resultOf = (id: string) =>
  eventually(`a result of ${id} (${said})`, () => o.all('RunResult').find(({ ExecutionID }) => ExecutionID === id), 15_000)
const errorOf = (id: string) =>
  eventually(`an error of ${id} (${said})`, () => o.all('ComputeError').find(({ ExecutionID }) => ExecutionID === id), 15_000)
const run = async (id: string, asked: Asked) => {
  await ask(id, asked)
  expect(await bidOf(id)).toMatchObject({ Accepted: true, JobType: asked.type ?? 'batch', Events: null })
  await approve(id)
}
const beat = () => o.all('transport.HeartbeatRequest').at(-1)
/** What an execution has written so far: it runs. */
const hasWritten = (id: string) =>
  eventually(`${id} writes (${said})`, () => existsSync(join(dir, 'compute/executions/output', id, 'stdout')), 15_000)

describe('an execution', () => {
  it('is bid for, run and told, with its output and exit code', async () => {
    await run('e-1', { args: ['hello'] })
    expect(await resultOf('e-1')).toMatchObject({
      JobID: 'j-e-1',
      JobType: 'batch',
      Events: [{ Topic: 'Execution', Message: 'Completed successfully' }],
      PublishResult: { Type: '' },
      RunCommandResult: { Stdout: 'hello from wasm\n', stderr: 'and stderr too\n', ExitCode: 0, ErrorMsg: '', StdoutTruncated: false },
    })
    await run('e-2', { args: ['exit', '7'] })
    expect((await resultOf('e-2')).RunCommandResult).toMatchObject({ ExitCode: 7 })
    expect(o.all('ComputeError')).toEqual([])
  })

  it('that is to run at once does, without a bid; one that is refused is told so', async () => {
    await ask('e-1', { args: ['hello'], type: 'ops', desired: 1 })
    await resultOf('e-1')
    expect(o.all('BidResult')).toEqual([])
    await ask('e-2', { args: ['hello'], type: 'ops', desired: 1, task: { Publisher: { Type: 's3' } } })
    expect(await bidOf('e-2')).toMatchObject({ Accepted: false, Events: [{ Message: 'rejected bid: this node does not support "s3"' }] })
  })

  it('that takes too long is ended and told', async () => {
    await run('e-1', { args: ['sleep', '300'], task: { Timeouts: { ExecutionTimeout: 1 } } })
    expect(await errorOf('e-1')).toMatchObject({
      Events: [{ Topic: 'Running Execution', Message: 'Execution timed out after 1s', Details: { IsError: 'true' } }],
    })
    await eventually(
      'its share is free',
      () => beat()?.AvailableCapacity.CPU === o.all('transport.HandshakeRequest')[0]?.NodeInfo.ComputeNodeInfo.MaxCapacity?.CPU,
    )
  })

  it('of a service or daemon that ends by itself is told with what it printed, and as an error', async () => {
    for (const type of ['service', 'daemon']) {
      await run(`e-${type}`, { args: ['hello'], type, task: { Timeouts: { ExecutionTimeout: 1 } } })
      expect(await resultOf(`e-${type}`)).toMatchObject({
        JobType: type,
        Events: [{ Message: `The program ended by itself with exit code 0; a ${type} is to run on`, Details: { IsError: 'true' } }],
        RunCommandResult: { Stdout: 'hello from wasm\n', stderr: 'and stderr too\n', ExitCode: 0 },
      })
    }
    expect(o.all('ComputeError')).toEqual([])
  })

  it('publishes its results', async () => {
    await run('e-1', { args: ['hello'], task: { Publisher: { Type: 'local' } } })
    const { PublishResult } = await resultOf('e-1')
    expect(PublishResult).toMatchObject({ Type: 'urlDownload' })
    const answer = await fetch(String(PublishResult?.Params?.['URL']))
    expect(answer.status).toBe(200)
    await answer.arrayBuffer()
    expect(existsSync(join(dir, 'compute/executions/output/e-1/stdout'))).toBe(true)
    await eventually('the rest is cleared away', () => !existsSync(join(dir, 'compute/executions/output/e-1/input-0')))
  })

  it('hands out nothing where the publisher is noop', async () => {
    const task = { Publisher: { Type: 'noop' }, ResultPaths: [{ Name: 'data', Path: '/data' }] }
    await run('e-1', { args: ['output', '/data/x', 'y'], task })
    expect((await resultOf('e-1')).PublishResult).toEqual({ Type: '' })
    await eventually('the rest is cleared away', () => !existsSync(join(dir, 'compute/executions/output/e-1/input-0')))
  })

  it('is cancelled in every state, and nothing is told of it', async () => {
    const cores = Number(o.all('transport.HandshakeRequest')[0]?.NodeInfo.ComputeNodeInfo.MaxCapacity?.CPU)
    const all = { Resources: { CPU: String(cores) } }
    // Running, waiting for room, bid for.
    await run('e-running', { args: ['ticks', '1000', '0.02'], task: all })
    await hasWritten('e-running')
    await run('e-waiting', { args: ['hello'], task: all })
    await ask('e-bid', { args: ['hello'] })
    await bidOf('e-bid')
    await eventually('the load is told', () => beat()?.QueueUsedCapacity.CPU === cores)
    for (const id of ['e-waiting', 'e-bid', 'e-running', 'e-unknown', 'e-running']) await send('CancelExecution', { Events: null, ExecutionID: id })
    await eventually('all is free again', () => beat()?.AvailableCapacity.CPU === cores && beat()?.QueueUsedCapacity.CPU === undefined)
    await approve('e-bid')
    await run('e-last', { args: ['hello'] })
    await resultOf('e-last')
    expect(o.all('RunResult').map(({ ExecutionID }) => ExecutionID)).toEqual(['e-last'])
    expect(o.all('ComputeError')).toEqual([])
  })

  it('that the orchestrator does not know is ended, after the node has told what it has', async () => {
    await run('e-1', { args: ['ticks', '100000', '0.02'], type: 'service' })
    await hasWritten('e-1')
    await ask('e-2', { args: ['hello'] })
    await bidOf('e-2')
    const cores = o.all('transport.HandshakeRequest')[0]?.NodeInfo.ComputeNodeInfo.MaxCapacity?.CPU
    let demands = 1
    o.answers.heartbeat = () =>
      demands-- > 0
        ? handshakeRequired
        : { type: 'transport.HeartbeatResponse', payload: { LastComputeSeqNum: 0, UnwantedExecutions: ['e-1', 'e-unknown'] } }
    o.answers.handshake = () => accepted(sequence)
    await eventually('it tells what it has', () => o.all('transport.HeartbeatRequest').some(({ Executions }) => Executions?.length === 2))
    await eventually('its share is free', () => beat()?.AvailableCapacity.CPU === cores)
    expect(o.all('ComputeError')).toEqual([])
    await approve('e-2')
    await resultOf('e-2')
  })

  it('is not kept from the next one by a failure of its own', async () => {
    await run('e-1', {
      args: ['hello'],
      task: { InputSources: [{ Source: { Type: 'inline', Params: { URL: 'data:,garbage' } }, Target: '/job.wasm' }] },
    })
    expect((await errorOf('e-1')).Events?.[0]).toMatchObject({ Topic: 'Running Execution' })
    await run('e-2', { args: ['hello'] })
    await resultOf('e-2')
  })

  it('has an id that leads nowhere: its files stay in their place', async () => {
    await run('../../../escaped', { args: ['hello'] })
    await resultOf('../../../escaped')
    expect(existsSync(join(dir, 'escaped'))).toBe(false)
    expect(existsSync(join(dir, 'compute', 'escaped'))).toBe(false)
  })
})

describe('a node that is killed and comes back', () => {
  it('tells of interrupted batch work, and runs services again, once', async () => {
    await run('e-batch', { args: ['ticks', '100000', '0.02'] })
    await run('e-service', { args: ['ticks', '100000', '0.02'], type: 'service' })
    await hasWritten('e-batch')
    await hasWritten('e-service')
    await kill()
    o.answers.handshake = () => accepted(sequence)
    await start()
    expect(await errorOf('e-batch')).toMatchObject({
      JobID: 'j-e-batch',
      JobType: 'batch',
      Events: [{ Topic: 'Execution', Message: 'Failing due to node restart', Details: { FailsExecution: 'true' } }],
    })
    await eventually('the service takes its share', () => {
      const max = Number(o.all('transport.HandshakeRequest')[1]?.NodeInfo.ComputeNodeInfo.MaxCapacity?.CPU)
      return Math.abs(Number(beat()?.AvailableCapacity.CPU) - (max - 0.1)) < 1e-6
    })
    // Everything that was ever sent comes again: nothing starts twice, nothing is told twice.
    await ask('e-batch', { args: ['hello'] })
    await approve('e-batch')
    await approve('e-service')
    await run('e-new', { args: ['hello'] })
    await resultOf('e-new')
    expect(o.all('RunResult')).toHaveLength(1)
    expect(o.all('ComputeError')).toHaveLength(1)
  })

  it('tells again what was not acknowledged, with the same number of messages, and bids once', async () => {
    await ask('e-bid', { args: ['hello'] })
    await bidOf('e-bid')
    o.answers.ack = () => undefined
    await run('e-done', { args: ['hello'] })
    await resultOf('e-done')
    await kill()
    o.answers.ack = () => '{}'
    o.answers.handshake = () => accepted(sequence)
    await start()
    await eventually('the result comes again', () => o.all('RunResult').length === 2, 15_000)
    expect(o.all('RunResult')[1]).toEqual(o.all('RunResult')[0])
    expect(o.all('ComputeError')).toEqual([])
    // Its bid was acknowledged before: it is only waited for.
    expect(o.all('BidResult').filter(({ ExecutionID }) => ExecutionID === 'e-bid')).toHaveLength(1)
    await approve('e-bid')
    await resultOf('e-bid')
  })

  it('is killed again and again in the middle of work: every execution is told of, and none succeeds after it was told as failed', async () => {
    let count = 0
    for (let round = 0; round < 3; round += 1) {
      const ids = Array.from({ length: 6 }, () => `e-${(count += 1)}`)
      await Promise.all(ids.map((id) => ask(id, { args: ['hello'] })))
      await Promise.all(ids.map(bidOf))
      await Promise.allSettled(ids.slice(0, 5).map(approve))
      await kill()
      o.answers.handshake = () => accepted(sequence)
      await start()
      // As an orchestrator does after a handshake: what it knows no acknowledgement of is sent again.
      await Promise.all(ids.map(approve))
    }
    for (let number = 1; number <= count; number += 1) {
      const id = `e-${number}`
      const ends = await eventually(
        `the end of ${id} (${said})`,
        () => {
          const found = o.heard.filter(
            ({ type, payload }) => (type === 'RunResult' || type === 'ComputeError') && (payload as { ExecutionID: string }).ExecutionID === id,
          )
          return found.length > 0 && new Set(found.map(({ type }) => type))
        },
        15_000,
      )
      expect(ends.size).toBe(1)
    }
  }, 60_000)
})
