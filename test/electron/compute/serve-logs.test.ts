import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { executionLedgerFolder, startExecutions } from '../../../electron/compute/executions/start-executions'
import { createExecutionsLoader, type ExecutionsLoader } from '../../../electron/compute/executions-loader'
import { listenForLogs } from '../../../electron/compute/serve-logs'
import { createLogger, type LogEntry } from '../../../electron/log/logger'
import { dial } from '../../../electron/transport/dial'
import type { NatsLink } from '../../../electron/transport/link'
import { parseAddresses } from '../../../shared/address'
import { defaultConfig } from '../../../shared/config/schema'
import { eventually } from '../../fixtures/eventually'
import { type NatsServer, startNatsServer } from '../../fixtures/nats-server'

let dir: string
let nats: NatsServer
let node: NatsLink
let consumer: NatsLink
let entries: LogEntry[]
let executions: ExecutionsLoader

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'serve-logs-'))
  nats = await startNatsServer()
  node = await dial({ addresses: parseAddresses([nats.url]), name: 'node' })
  consumer = await dial({ addresses: parseAddresses([nats.url]), name: 'consumer' })
  entries = []
})
afterEach(async () => {
  await executions.stop()
  await Promise.all([node.close(), consumer.close()])
  await nats.stop()
  rmSync(dir, { recursive: true, force: true })
})

const log = createLogger({ sinks: [{ write: (entry) => entries.push(entry) }], level: 'debug', secrets: () => [] })
const computeDir = (): string => join(dir, 'compute')
const loader = (): ExecutionsLoader =>
  createExecutionsLoader({
    left: () => Promise.resolve(existsSync(executionLedgerFolder(computeDir()))),
    start: () =>
      startExecutions({
        config: defaultConfig,
        asked: () => false,
        computeDir: computeDir(),
        launch: () => Promise.reject(new Error('nothing is to be run')),
        hostEnv: {},
        towardsOrchestrator: () => undefined,
        path: '',
        max: () => ({ CPU: 1 }),
        tell: () => undefined,
        onLoad: () => undefined,
        now: Date.now,
        log,
      }),
    onLoaded: () => undefined,
    log,
  })

/** Asks for the log of an execution; the frames of the answer. */
function ask(ExecutionID: string): readonly { readonly type: number; readonly closeError?: { readonly Code: number; readonly Text: string } }[] {
  const frames: { readonly type: number }[] = []
  consumer.subscribe('_SINBOX.c.s', ({ data }) => void frames.push(JSON.parse(Buffer.from(data).toString()) as { readonly type: number }))
  const body = Buffer.from(JSON.stringify({ ExecutionID, NodeID: 'n-1', Tail: false, Follow: true })).toString('base64')
  const request = { consumerId: '_SINBOX.c.', streamId: 's', heartBeatRequestSub: '_HEARTBEAT.c', body }
  consumer.publish('node.compute.n-1.ExecutionLogs/v1', Buffer.from(JSON.stringify(request)), { reply: '_SINBOX.c.s' })
  return frames
}
/** Whether somebody on the node's link takes requests. */
const listens = async (): Promise<boolean> => {
  const answer = await consumer.request('node.compute.n-1.ExecutionLogs/v1', Buffer.from('no request'), { timeoutMs: 2000 }).catch(() => undefined)
  return answer !== undefined && answer.status !== 503
}

describe('logs of a node', () => {
  it('that has run nothing: there is no such execution, and nothing is opened to find that out', async () => {
    executions = loader()
    const listening = listenForLogs(node, { nodeId: 'n-1', executions, log })
    await eventually('it listens', listens)
    const frames = ask('e-nothing')
    const closed = await eventually('an answer', () => frames.find(({ type }) => type === 2), 10_000)
    expect(closed.closeError).toEqual({ Code: 5000, Text: 'error in handler : execution e-nothing not found' })
    expect(executions.current).toBeUndefined()
    listening.stop()
    await eventually('it listens no more', async () => !(await listens()))
  }, 20_000)

  it('that has run something before: it is opened to be asked', async () => {
    const earlier = loader()
    await earlier.get()
    await earlier.stop()
    executions = loader()
    const listening = listenForLogs(node, { nodeId: 'n-1', executions, log })
    await eventually('it listens', listens)
    await eventually('what it has left is opened', () => executions.current !== undefined)
    expect(executions.holdings).toEqual([])
    const frames = ask('e-nothing')
    await eventually('an answer', () => frames.some(({ type }) => type === 2), 10_000)
    listening.stop()
  }, 20_000)

  it('that is told to stop before it has begun never listens', async () => {
    executions = loader()
    listenForLogs(node, { nodeId: 'n-1', executions, log }).stop()
    await import('../../../electron/compute/logs/log-stream-server')
    await node.flush()
    expect(await listens()).toBe(false)
    expect(entries.filter(({ level }) => level === 'error')).toEqual([])
  })
})
