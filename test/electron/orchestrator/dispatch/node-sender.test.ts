import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createLogger } from '../../../../electron/log/logger'
import type { Dispatch } from '../../../../electron/orchestrator/dispatch/dispatch'
import { createNodeSender } from '../../../../electron/orchestrator/dispatch/node-sender'
import type { NodeSender } from '../../../../electron/orchestrator/dispatch/node-sender'
import { decodeEnvelope } from '../../../../electron/transport/ncl/envelope'
import type { NatsLink } from '../../../../electron/transport/link'
import { subjects } from '../../../../shared/wire/subjects'
import { eventually } from '../../../fixtures/eventually'
import { openLinkPair } from '../../../fixtures/orchestrator/link-pair'
import type { LinkPair } from '../../../fixtures/orchestrator/link-pair'

const log = createLogger({ sinks: [], level: 'debug', secrets: () => [] })
const id = 'n-played'
let links: LinkPair
let ours: NatsLink
let theirs: NatsLink
beforeAll(async () => {
  links = await openLinkPair(id)
  ;({ orchestrator: ours, node: theirs } = links)
})
afterAll(() => links.close())

/** What came, and how the node answers each message; `undefined` is silence. */
let came: number[] = []
let answer: (sequence: number) => string | undefined = () => '{}'
let listening: { unsubscribe(): void } | undefined
let sender: NodeSender | undefined
let gone = new Set<string>()
beforeEach(() => {
  came = []
  answer = () => '{}'
  gone = new Set()
})
afterEach(async () => {
  sender?.stop()
  listening?.unsubscribe()
  // Until the server knows, it would hand the next test's messages to nobody.
  await theirs.flush()
})

async function listen(): Promise<void> {
  listening = theirs.subscribe(subjects(id).toCompute, (message) => {
    const { metadata } = decodeEnvelope(message.data)
    const sequence = Number(metadata['Bacalhau-SeqNum'])
    came.push(sequence)
    const text = answer(sequence)
    if (text !== undefined && message.reply !== undefined) theirs.publish(message.reply, Buffer.from(text))
  })
  await theirs.flush()
}
function start(times: { readonly ackTimeoutMs?: number; readonly firstRetryMs?: number } = {}): NodeSender {
  sender = createNodeSender({
    nodeId: id,
    link: ours,
    log,
    payloadOf: ({ executionId }) => (gone.has(executionId) ? undefined : { Events: null, ExecutionID: executionId }),
    firstRetryMs: 20,
    ...times,
  })
  return sender
}
const message = (sequence: number): Dispatch => ({ nodeId: id, executionId: `e-${String(sequence)}`, type: 'CancelExecution', sequence })
const settled = (of: NodeSender) => eventually('all are acknowledged', () => of.pending === 0)

it('sends in order, many in flight, and forgets what is acknowledged', async () => {
  await listen()
  const all = Array.from({ length: 1200 }, (_, n) => n * 3 + 1)
  const one = start()
  one.send(all.slice(0, 600).map(message))
  one.send(all.slice(600).map(message))
  await settled(one)
  expect(came).toEqual(all)
})

it('sends again what was refused, and holds back what comes meanwhile', async () => {
  await listen()
  let refusals = 2
  answer = (sequence) => (sequence === 2 && refusals-- > 0 ? '{"error":"not now"}' : '{}')
  const one = start()
  one.send([1, 2].map(message))
  await eventually('the refusal', () => came.includes(2))
  await settled(one)
  one.send([message(3)])
  await settled(one)
  expect(came).toEqual([1, 2, 2, 2, 3])
})

it('sends again after silence; an ack for a later message covers an earlier one', async () => {
  await listen()
  let silent = true
  answer = (sequence) => (sequence === 5 && silent ? undefined : '{}')
  const one = start({ ackTimeoutMs: 60 })
  one.send([message(5)])
  await eventually('a repetition', () => came.length > 1)
  silent = false
  await settled(one)
  came = []
  answer = (sequence) => (sequence === 6 ? undefined : '{}')
  one.send([6, 7].map(message))
  await settled(one)
  expect(came).toEqual([6, 7])
})

it('keeps what nobody takes until the node is back', async () => {
  const one = start({ firstRetryMs: 60_000 })
  one.send([1, 2].map(message))
  await listen()
  expect(one.pending).toBe(2)
  // The refusal (nobody listens) may still be under way: waking works before and after it.
  await eventually('it arrives', () => {
    one.wake()
    return one.pending === 0
  })
  expect(new Set(came)).toEqual(new Set([1, 2]))
})

it('does not send again what has lost its sense', async () => {
  await listen()
  answer = (sequence) => (sequence === 1 ? '{"error":"no"}' : '{}')
  const one = start()
  one.send([1, 2].map(message))
  await eventually('both came', () => came.length >= 2)
  gone.add('e-1')
  await settled(one)
  expect(came.filter((sequence) => sequence === 2)).toHaveLength(1)
})
