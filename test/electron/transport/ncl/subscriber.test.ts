import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseAddresses } from '../../../../shared/address'
import { AppError } from '../../../../shared/errors'
import { subjects } from '../../../../shared/wire/subjects'
import { dial } from '../../../../electron/transport/dial'
import { encodeEnvelope } from '../../../../electron/transport/ncl/envelope'
import type { NatsLink } from '../../../../electron/transport/link'
import { silentLog } from '../../../../electron/transport/log'
import { startSubscriber, type DataMessage } from '../../../../electron/transport/ncl/subscriber'
import { startNatsServer, type NatsServer } from '../../../fixtures/nats-server'
import { recordedExchanges } from '../../../fixtures/wire/recorded'

/** Machines that run tests may be busy. */
const patiently = { timeout: 10_000, interval: 5 }

let server: NatsServer
let receiver: NatsLink
let sender: NatsLink
let stop: (() => void) | undefined
const subject = subjects('n-probe').toOrchestrator

beforeAll(async () => {
  server = await startNatsServer()
  receiver = await dial({ addresses: parseAddresses([server.url]), name: 'receiver' })
  sender = await dial({ addresses: parseAddresses([server.url]), name: 'sender' })
})
afterAll(async () => {
  await sender.close()
  await receiver.close()
  await server.stop()
})
afterEach(async () => {
  stop?.()
  await receiver.flush()
})

const subscribe = async (handle: (message: DataMessage) => Promise<void>): Promise<void> => {
  stop = startSubscriber(receiver, subject, { log: silentLog, handle }).stop
  await receiver.flush()
}
const send = async (data: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<string> => {
  const answer = await sender.request(subject, data, { timeoutMs: 5000, ...(headers === undefined ? {} : { headers }) })
  return new TextDecoder().decode(answer.data)
}
const sendMessage = (sequence: number, payload: unknown = { ExecutionID: `e-${sequence}` }, type = 'BidResult'): Promise<string> => {
  const { data, headers } = encodeEnvelope({ type, payload, source: 'n-probe', metadata: { 'Bacalhau-SeqNum': String(sequence) } })
  return send(data, headers)
}
const broken = (text: string): Promise<string> => send(new TextEncoder().encode(text))
const nack = (answer: string): { error: string; delay: number } => JSON.parse(answer) as { error: string; delay: number }

describe('startSubscriber', () => {
  it('acks with two bytes, in order, after its handler is done', async () => {
    const log: string[] = []
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    await subscribe(async ({ sequence }) => {
      log.push(`begin ${sequence}`)
      if (sequence === 1) await gate
      log.push(`end ${sequence}`)
    })
    const answers = [1, 2].map((sequence) => sendMessage(sequence))
    await expect.poll(() => log, patiently).toEqual(['begin 1'])
    release()
    expect(await Promise.all(answers)).toEqual(['{}', '{}'])
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2'])
  })

  it('hands over type, checked payload, metadata and sequence', async () => {
    const seen: DataMessage[] = []
    await subscribe((message) => {
      seen.push(message)
      return Promise.resolve()
    })
    await sendMessage(7, { executionid: 'e-1', Accepted: true })
    await send(encodeEnvelope({ type: 'RunResult', payload: {}, metadata: { 'Bacalhau-SeqNum': 'x' } }).data)
    expect(seen[0]).toMatchObject({ type: 'BidResult', payload: { ExecutionID: 'e-1', Accepted: true, JobID: '' }, sequence: 7 })
    expect(seen[0]?.metadata['Bacalhau-Source']).toBe('n-probe')
    expect(seen[1]).toMatchObject({ type: 'RunResult', sequence: undefined })
  })

  it('acks all that a real orchestrator acked, and nacks what it nacked with the same text', async () => {
    await subscribe(() => Promise.resolve())
    const exchanges = recordedExchanges().filter(({ sent_to, outcome }) => sent_to.endsWith('.out.msgs') && (outcome === 'ack' || outcome === 'nack'))
    expect(exchanges.length).toBeGreaterThan(10)
    const acks = exchanges.filter(({ outcome }) => outcome === 'ack')
    for (const { name, data } of acks) expect(await send(data), name).toBe('{}')
    const nacks = new Map(
      exchanges.filter(({ outcome }) => outcome === 'nack').map((exchange) => [(exchange.answer?.decoded as { error: string }).error, exchange]),
    )
    let delay = 100_000_000
    for (const [error, { name, data }] of nacks) {
      expect(nack(await send(data)), name).toEqual({ error, delay })
      delay *= 2
    }
  })

  it('asks for longer and longer pauses, up to 5 s, and for a short one after a good message', async () => {
    await subscribe(() => Promise.resolve())
    const delays: number[] = []
    for (let count = 0; count < 8; count++) delays.push(nack(await broken(`broken ${count}`)).delay / 1_000_000)
    expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000])
    expect(await sendMessage(1)).toBe('{}')
    expect(nack(await broken('broken again')).delay).toBe(100_000_000)
  })

  it('takes nothing later after a refusal until the sender has started again', async () => {
    const handled: (number | undefined)[] = []
    let isWilling = true
    await subscribe(({ sequence }) => {
      if (!isWilling) return Promise.reject(new AppError('ledger.unavailable', 'not now'))
      handled.push(sequence)
      return Promise.resolve()
    })
    expect(await sendMessage(1)).toBe('{}')
    isWilling = false
    expect(nack(await sendMessage(2)).error).toBe('failed to handle message: not now')
    isWilling = true
    expect(nack(await sendMessage(3)).error).toContain('an earlier message was refused')
    expect(nack(await sendMessage(4)).error).toContain('an earlier message was refused')
    for (const sequence of [1, 2, 3, 4]) expect(await sendMessage(sequence)).toBe('{}')
    expect(handled).toEqual([1, 1, 2, 3, 4])
  })

  it('does not let one unreadable message hold up the others for ever', async () => {
    const handled: (number | undefined)[] = []
    await subscribe(({ sequence }) => {
      handled.push(sequence)
      return Promise.resolve()
    })
    const sendAll = async (): Promise<boolean[]> => {
      const answers = [await sendMessage(1), await sendMessage(2, {}, 'Nope'), await sendMessage(3), await sendMessage(4, 'x'), await sendMessage(5)]
      return answers.map((answer) => answer === '{}')
    }
    expect(await sendAll()).toEqual([true, false, false, false, false])
    // The sender starts again from 1: what came a second time is dropped with an ack.
    expect(await sendAll()).toEqual([true, true, true, true, true])
    expect(handled).toEqual([1, 1, 3, 5])
  })

  it('reports a handler’s bug to the sender and goes on', async () => {
    let calls = 0
    await subscribe(() => {
      calls++
      return calls === 1 ? Promise.reject(new TypeError('a bug')) : Promise.resolve()
    })
    expect(nack(await sendMessage(1)).error).toBe('failed to handle message: a bug')
    expect(await sendMessage(1)).toBe('{}')
  })

  it('handles a message for which nobody wants an ack', async () => {
    const handled: (number | undefined)[] = []
    await subscribe(({ sequence }) => {
      handled.push(sequence)
      return Promise.resolve()
    })
    sender.publish(subject, encodeEnvelope({ type: 'BidResult', payload: {}, metadata: { 'Bacalhau-SeqNum': '1' } }).data)
    expect(await sendMessage(2)).toBe('{}')
    expect(handled).toEqual([1, 2])
  })
})
