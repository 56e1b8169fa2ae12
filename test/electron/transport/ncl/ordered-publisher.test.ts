import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAddresses } from '../../../../shared/address'
import { dial } from '../../../../electron/transport/dial'
import { decodeEnvelope } from '../../../../electron/transport/ncl/envelope'
import type { LinkMessage, NatsLink } from '../../../../electron/transport/link'
import { silentLog } from '../../../../electron/transport/log'
import { createOrderedPublisher, type OrderedPublisher } from '../../../../electron/transport/ncl/ordered-publisher'
import { startSubscriber } from '../../../../electron/transport/ncl/subscriber'
import { startNatsServer, type NatsServer } from '../../../fixtures/nats-server'

/** Machines that run tests may be busy. */
const patiently = { timeout: 10_000, interval: 5 }

const subject = 'bacalhau.global.compute.n-1.in.msgs'
let server: NatsServer
let sender: NatsLink
let receiver: NatsLink
let publisher: OrderedPublisher

beforeEach(async () => {
  server = await startNatsServer()
  sender = await dial({ addresses: parseAddresses([server.url]), name: 'sender' })
  receiver = await dial({ addresses: parseAddresses([server.url]), name: 'receiver' })
  publisher = createOrderedPublisher(sender, { subject, source: 'orchestrator-n-1', log: silentLog })
})
afterEach(async () => {
  publisher.stop()
  await sender.close()
  await receiver.close()
  await server.stop()
})

const message = (sequence: number): { type: string; payload: unknown; sequence: number } => ({
  type: 'BidAccepted',
  payload: { ExecutionID: `e-${sequence}` },
  sequence,
})
const receive = async (onMessage: (message: LinkMessage) => void): Promise<void> => {
  receiver.subscribe(subject, onMessage)
  await receiver.flush()
}
const answer = ({ reply }: LinkMessage, text: string): void => receiver.publish(reply ?? '', new TextEncoder().encode(text))

describe('createOrderedPublisher', () => {
  it('sends in the order of the calls without waiting, and resolves with the acks', async () => {
    const received: LinkMessage[] = []
    await receive((incoming) => received.push(incoming))
    const published = [1, 2, 5].map((sequence) => publisher.publish({ ...message(sequence), metadata: { 'Bacalhau-Subject': subject } }))
    await expect.poll(() => received.length, patiently).toBe(3)
    expect(publisher.pending).toBe(3)
    for (const incoming of received) answer(incoming, '{}')
    await Promise.all(published)
    expect(publisher.pending).toBe(0)
    expect(received.map(({ data }) => decodeEnvelope(data).payload)).toEqual([{ ExecutionID: 'e-1' }, { ExecutionID: 'e-2' }, { ExecutionID: 'e-5' }])
    const { metadata } = decodeEnvelope(received[2]?.data ?? new Uint8Array(0))
    expect(metadata).toMatchObject({
      'Bacalhau-Type': 'BidAccepted',
      'Bacalhau-Source': 'orchestrator-n-1',
      'Bacalhau-MessageID': 'seq-5',
      'Bacalhau-SeqNum': '5',
      'Bacalhau-Subject': subject,
    })
    expect(received[2]?.header('Bacalhau-SeqNum')).toBe('5')
    expect(received[0]?.reply).toMatch(/^_INBOX\.[0-9A-Za-z]{22}\./)
  })

  it.each([
    ['', 'ack.empty'],
    ['{"error":"no","delay":100000000}', 'ack.refused'],
    ['{"error":{"a":1}}', 'ack.refused'],
    ['garbage', 'ack.invalid'],
    ['null', 'ack.invalid'],
  ])('takes the answer %j for a failure', async (text, code) => {
    await receive((incoming) => answer(incoming, text))
    await expect(publisher.publish(message(1))).rejects.toMatchObject({ code })
    expect(publisher.pending).toBe(0)
  })

  it('tells that nobody listens', async () => {
    await expect(publisher.publish(message(1))).rejects.toMatchObject({ code: 'nats.no-responders' })
  })

  it('tells that no ack comes in time, and does not mind one that comes later', async () => {
    const impatient = createOrderedPublisher(sender, { subject, source: 'o', ackTimeoutMs: 30, log: silentLog })
    const received: LinkMessage[] = []
    await receive((incoming) => received.push(incoming))
    await expect(impatient.publish(message(1))).rejects.toMatchObject({ code: 'nats.timeout' })
    for (const incoming of received) answer(incoming, '{}')
    await receiver.flush()
    await sender.flush()
    expect(impatient.pending).toBe(0)
    impatient.stop()
  })

  it('fails what is in flight when the connection is lost, at once, and works again afterwards', async () => {
    await receive(() => undefined)
    const inFlight = publisher.publish(message(1))
    const failed = expect(inFlight).rejects.toMatchObject({ code: 'nats.disconnected' })
    await server.kill()
    await failed
    await expect(publisher.publish(message(2))).rejects.toMatchObject({ code: 'nats.disconnected' })
    server = await server.restart()
    await expect.poll(() => receiver.server !== undefined && sender.server !== undefined, patiently).toBe(true)
    await receive((incoming) => answer(incoming, '{}'))
    await publisher.publish(message(3))
  })

  it('keeps at most a thousand in flight', async () => {
    await receive(() => undefined)
    const inFlight = Array.from({ length: 1000 }, (_, sequence) => publisher.publish(message(sequence)).catch(() => 'stopped'))
    await expect(publisher.publish(message(1001))).rejects.toMatchObject({ code: 'publisher.full' })
    publisher.stop()
    expect(new Set(await Promise.all(inFlight))).toEqual(new Set(['stopped']))
    await expect(publisher.publish(message(1002))).rejects.toMatchObject({ code: 'publisher.stopped' })
  })

  it('refuses what is too large for the server, and sends the next', async () => {
    await receive((incoming) => answer(incoming, '{}'))
    await expect(publisher.publish({ ...message(1), payload: { filling: 'x'.repeat(2_000_000) } })).rejects.toMatchObject({ code: 'nats.too-large' })
    await publisher.publish(message(2))
  })

  it('and a subscriber understand each other', async () => {
    const handled: (number | undefined)[] = []
    startSubscriber(receiver, subject, {
      log: silentLog,
      handle: ({ sequence }) => {
        handled.push(sequence)
        return Promise.resolve()
      },
    })
    await receiver.flush()
    await Promise.all(Array.from({ length: 200 }, (_, index) => publisher.publish(message(index + 1))))
    expect(handled).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
  })
})
