import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLogger } from '../../../../electron/log/logger'
import { createStreamConsumer } from '../../../../electron/orchestrator/logs/stream-consumer'
import type { LogEvent, StreamConsumer } from '../../../../electron/orchestrator/logs/stream-consumer'
import type { NatsLink } from '../../../../electron/transport/link'
import { eventually } from '../../../fixtures/eventually'
import { openLinkPair } from '../../../fixtures/orchestrator/link-pair'
import type { LinkPair } from '../../../fixtures/orchestrator/link-pair'

interface Opened {
  readonly reply: string
  readonly consumerId: string
  readonly streamId: string
  readonly heartBeatRequestSub: string
  readonly body: string
}
const id = 'n-played'
const subject = `node.compute.${id}.ExecutionLogs/v1`
let links: LinkPair
let node: NatsLink
let consumer: StreamConsumer
const opened: Opened[] = []
beforeAll(async () => {
  links = await openLinkPair(id)
  ;({ node } = links)
  consumer = createStreamConsumer(links.orchestrator, createLogger({ sinks: [], level: 'debug', secrets: () => [] }))
  node.subscribe(subject, ({ data, reply = '' }) => opened.push({ ...(JSON.parse(Buffer.from(data).toString()) as Opened), reply }))
  await Promise.all([node.flush(), links.orchestrator.flush()])
})
afterAll(async () => {
  consumer.stop()
  await links.close()
})

async function open(): Promise<{ readonly events: LogEvent[]; readonly request: Opened; readonly close: () => void }> {
  const events: LogEvent[] = []
  const before = opened.length
  const close = consumer.open({ ExecutionID: 'e-1', NodeID: id, Tail: false, Follow: true }, (event) => events.push(event))
  const request = await eventually('the node is asked', () => opened[before])
  return { events, request, close }
}
const say = (to: Opened, frame: object) => node.publish(to.reply, Buffer.from(JSON.stringify(frame)))
const entry = (value: object) => ({ type: 1, data: Buffer.from(JSON.stringify(value)).toString('base64') })
const beat = async (to: Opened, ids: readonly string[]): Promise<unknown> => {
  const reply = await node.request(to.heartBeatRequestSub, Buffer.from(JSON.stringify({ ActiveStreamIds: { [subject]: ids } })), { timeoutMs: 2000 })
  return JSON.parse(Buffer.from(reply.data).toString())
}

it('asks as a real orchestrator does and tells chunks, errors and the end', async () => {
  const { events, request } = await open()
  expect(request.consumerId).toMatch(/^_SINBOX\.[0-9A-Za-z]{22}\.$/)
  expect(request.heartBeatRequestSub).toBe(`_HEARTBEAT.${request.consumerId.slice(0, -1)}`)
  expect(request.reply).toBe(request.consumerId + request.streamId)
  expect(JSON.parse(Buffer.from(request.body, 'base64').toString())).toEqual({ ExecutionID: 'e-1', NodeID: id, Tail: false, Follow: true })
  say(request, entry({ value: { Type: 2, Line: 'äöü\n' } }))
  say(request, { type: 9 })
  node.publish(request.reply, Buffer.from('no json'))
  say(request, entry({ error: 'no file', value: { Type: 0, Line: '' } }))
  say(request, { type: 2, closeError: { Code: 1000, Text: '' } })
  await eventually('the end', () => events.at(-1)?.kind === 'end')
  expect(events).toEqual([{ kind: 'chunk', Type: 2, Line: 'äöü\n' }, { kind: 'error', message: 'no file' }, { kind: 'end' }])
})

it('a stream that ends badly says so, and so does one that nobody answers', async () => {
  const { events, request } = await open()
  say(request, { type: 2, closeError: { Code: 5000, Text: 'error in handler' } })
  await eventually('the end', () => events.length === 1)
  expect(events).toEqual([{ kind: 'end', message: 'nats stream: close 5000 (internal server error): error in handler' }])
  const silent: LogEvent[] = []
  consumer.open({ ExecutionID: 'e-1', NodeID: 'nobody', Tail: false, Follow: false }, (event) => silent.push(event))
  await eventually('the end', () => silent.length === 1)
  expect(silent[0]).toMatchObject({ kind: 'end', message: expect.stringContaining('nobody') as string })
})

it('heartbeats are told which streams nobody reads any more, and only those', async () => {
  const [first, second] = [await open(), await open()]
  const ids = [first.request.streamId, second.request.streamId]
  expect(await beat(first.request, ids)).toEqual({ NonActiveStreamIds: { [subject]: [] } })
  first.close()
  expect(await beat(first.request, [...ids, 'stranger'])).toEqual({ NonActiveStreamIds: { [subject]: [ids[0], 'stranger'] } })
  consumer.nodeLost(id)
  expect(second.events.at(-1)).toMatchObject({ kind: 'end', message: expect.stringContaining('lost') as string })
  expect(await beat(first.request, ids)).toEqual({ NonActiveStreamIds: { [subject]: ids } })
  expect(consumer.openStreams).toBe(0)
})
