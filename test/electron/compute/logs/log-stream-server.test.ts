import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openExecutionOutput, type ExecutionOutput } from '../../../../electron/compute/executors/output-file'
import { openLog } from '../../../../electron/compute/logs/log-files'
import { serveLogStreams, type FoundLog, type LogStreamServer } from '../../../../electron/compute/logs/log-stream-server'
import { createLogger } from '../../../../electron/log/logger'
import { dial } from '../../../../electron/transport/dial'
import type { NatsLink } from '../../../../electron/transport/link'
import { parseAddresses } from '../../../../shared/address'
import { eventually } from '../../../fixtures/eventually'
import { startNatsServer, type NatsServer } from '../../../fixtures/nats-server'

interface Frame {
  readonly type: number
  readonly data?: string
  readonly closeError?: { readonly Code: number; readonly Text: string }
}

const SUBJECT = 'node.compute.n-1.ExecutionLogs/v1'
let nats: NatsServer
let node: NatsLink
let consumer: NatsLink
let folder: string
let server: LogStreamServer
const logs = new Map<string, FoundLog>()
const outputs: ExecutionOutput[] = []

beforeAll(async () => {
  nats = await startNatsServer()
  node = await dial({ addresses: parseAddresses([nats.url]), name: 'node' })
  consumer = await dial({ addresses: parseAddresses([nats.url]), name: 'consumer' })
  folder = mkdtempSync(join(tmpdir(), 'log-streams-'))
})
afterEach(async () => {
  await server.close()
  for (const output of outputs.splice(0)) await output.close()
})
afterAll(async () => {
  await Promise.all([node.close(), consumer.close()])
  await nats.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function serve(timing: Parameters<typeof serveLogStreams>[0]['timing'] = {}): Promise<void> {
  const log = createLogger({ sinks: [], level: 'error', secrets: () => [] })
  server = serveLogStreams({ link: node, nodeId: 'n-1', findLog: (id) => logs.get(id), log, timing })
  await node.flush()
}

function execution(id: string): ExecutionOutput {
  const output = openExecutionOutput(mkdtempSync(join(folder, 'e-')))
  logs.set(id, openLog(output.folder, output))
  outputs.push(output)
  return output
}

/** Where a descriptor of this process leads; one that has just been closed leads nowhere. */
const linkOf = (fd: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

let streams = 0

/** Opens a stream as Bacalhau's orchestrator does. */
function open(ExecutionID: string, { Tail = false, Follow = false, heartbeat = '_HEARTBEAT._SINBOX.consumer' } = {}): Frame[] {
  streams += 1
  const streamId = `stream${streams}`
  const frames: Frame[] = []
  consumer.subscribe(`_SINBOX.consumer.${streamId}`, ({ data }) => void frames.push(JSON.parse(Buffer.from(data).toString()) as Frame))
  const body = Buffer.from(JSON.stringify({ ExecutionID, NodeID: 'n-1', Tail, Follow })).toString('base64')
  const request = { consumerId: '_SINBOX.consumer.', streamId, heartBeatRequestSub: heartbeat, body }
  consumer.publish(SUBJECT, Buffer.from(JSON.stringify(request)), { reply: `_SINBOX.consumer.${streamId}` })
  return frames
}

const closed = (frames: readonly Frame[]): Promise<{ readonly Code: number; readonly Text: string }> =>
  eventually('the end of the stream', () => frames.find(({ type }) => type === 2)?.closeError)

const lines = (frames: readonly Frame[]): unknown[] =>
  frames.flatMap(({ data }) => (data === undefined ? [] : [JSON.parse(Buffer.from(data, 'base64').toString()) as unknown]))

describe('a log stream', () => {
  it('sends what was written, in the form that Bacalhau reads, and closes', async () => {
    await serve()
    const output = execution('e-1')
    await output.stdout.write(Buffer.from('hello\n'))
    await output.stderr.write(Buffer.from('bad\n'))
    await output.close()
    const frames = open('e-1')
    expect(await closed(frames)).toEqual({ Code: 1000, Text: '' })
    expect(lines(frames)).toEqual([{ value: { Type: 1, Line: 'hello\n' } }, { value: { Type: 2, Line: 'bad\n' } }])
  })

  it('goes on until the program ends, several at once', async () => {
    await serve()
    const output = execution('e-2')
    const both = [open('e-2', { Follow: true }), open('e-2', { Follow: true })]
    for (let at = 0; at < 3; at += 1) {
      await output.stdout.write(Buffer.from(`${at}\n`))
      for (const frames of both) await eventually(`line ${at}`, () => lines(frames).length > at)
    }
    await output.close()
    for (const frames of both) expect(await closed(frames)).toEqual({ Code: 1000, Text: '' })
  })

  it('sends a character whole and much output in order', async () => {
    await serve()
    const output = execution('e-3')
    const text = 'ü€𝄞\u0001'.repeat(60_000)
    const bytes = Buffer.from(text)
    await output.stdout.write(bytes.subarray(0, 1))
    await output.stdout.write(bytes.subarray(1))
    await output.close()
    const frames = open('e-3', { Follow: true })
    await closed(frames)
    expect((lines(frames) as { value: { Line: string } }[]).map(({ value }) => value.Line).join('') === text).toBe(true)
  })

  it('says that there is no such execution, after it had its time to appear', async () => {
    await serve({ appearMs: 100 })
    expect(await closed(open('e-none'))).toEqual({ Code: 5000, Text: 'error in handler : execution e-none not found' })
    const frames = open('e-late')
    await execution('e-late').close()
    expect(await closed(frames)).toEqual({ Code: 1000, Text: '' })
  })

  it('of an execution that does not start ends with an error entry', async () => {
    await serve({ startMs: 100 })
    logs.set('e-waiting', 'waiting')
    const frames = open('e-waiting', { Follow: true })
    expect(await closed(frames)).toEqual({ Code: 1000, Text: '' })
    expect(lines(frames)).toEqual([{ error: 'timeout while waiting for execution logs', value: { Type: 0, Line: '' } }])
  })

  it('ends when its reader says so, or does not answer any more', async () => {
    await serve({ heartbeatMs: 50, heartbeatTimeoutMs: 200 })
    execution('e-4')
    const asked: unknown[] = []
    const kept = open('e-4', { Follow: true, heartbeat: '_HEARTBEAT.here' })
    const dropped = open('e-4', { Follow: true, heartbeat: '_HEARTBEAT.here' })
    const droppedId = `stream${streams}`
    const answering = consumer.subscribe('_HEARTBEAT.here', ({ data, reply }) => {
      asked.push(JSON.parse(Buffer.from(data).toString()))
      if (reply !== undefined) consumer.publish(reply, Buffer.from(JSON.stringify({ NonActiveStreamIds: { [SUBJECT]: [droppedId] } })))
    })
    expect(await closed(dropped)).toEqual({ Code: 1000, Text: '' })
    expect(asked[0]).toEqual({ ActiveStreamIds: { [SUBJECT]: [`stream${streams - 1}`, droppedId] } })
    expect(kept.some(({ type }) => type === 2)).toBe(false)
    answering.unsubscribe()
    expect(await closed(kept)).toEqual({ Code: 1000, Text: '' })
    await eventually('no open stream', () => server.open === 0)
  })

  it.runIf(process.platform === 'linux')('leaves nothing behind of readers whose connection is gone', async () => {
    await serve({ heartbeatMs: 50, heartbeatTimeoutMs: 100 })
    const output = execution('e-vanish')
    const openFiles = () => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(output.folder)).length
    await output.stdout.write(Buffer.from('on and on\n'))
    const own = await eventually('it is on the disk', () => output.written > 0 && openFiles())
    const link = await dial({ addresses: parseAddresses([nats.url]), name: 'vanishing' })
    link.subscribe('_HEARTBEAT._SINBOX.vanishing', ({ reply }) => reply !== undefined && link.publish(reply, Buffer.from('{}')))
    let heard = 0
    for (let stream = 0; stream < 30; stream += 1) {
      link.subscribe(`_SINBOX.vanishing.s${stream}`, () => (heard += 1))
      const body = Buffer.from(JSON.stringify({ ExecutionID: 'e-vanish', NodeID: 'n-1', Tail: false, Follow: true })).toString('base64')
      const request = { consumerId: '_SINBOX.vanishing.', streamId: `s${stream}`, heartBeatRequestSub: '_HEARTBEAT._SINBOX.vanishing', body }
      link.publish(SUBJECT, Buffer.from(JSON.stringify(request)), { reply: `_SINBOX.vanishing.s${stream}` })
    }
    await eventually('all of them read', () => heard >= 30 && server.open === 30)
    expect(openFiles()).toBeGreaterThanOrEqual(own + 30)
    await link.close()
    await eventually('none is open', () => server.open === 0)
    await eventually('their files are closed', () => openFiles() === own)
  })

  it('answers what is no request, and says goodbye', async () => {
    await serve()
    const answers: Frame[] = []
    consumer.subscribe('_SINBOX.bad', ({ data }) => void answers.push(JSON.parse(Buffer.from(data).toString()) as Frame))
    consumer.publish(SUBJECT, Buffer.from('{"body":7}'), { reply: '_SINBOX.bad' })
    expect((await closed(answers)).Code).toBe(4000)
    execution('e-5')
    const frames = open('e-5', { Follow: true })
    await eventually('open', () => server.open === 1)
    await server.close()
    expect((await closed(frames)).Code).toBe(1001)
  })
})
