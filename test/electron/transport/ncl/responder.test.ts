import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseAddresses } from '../../../../shared/address'
import { AppError } from '../../../../shared/errors'
import { subjects, wildcards } from '../../../../shared/wire/subjects'
import { crc32 } from '../../../../electron/transport/ncl/crc32'
import { dial } from '../../../../electron/transport/dial'
import { decodeEnvelope, encodeEnvelope } from '../../../../electron/transport/ncl/envelope'
import type { LinkMessage, NatsLink } from '../../../../electron/transport/link'
import { silentLog } from '../../../../electron/transport/log'
import { requestEnvelope } from '../../../../electron/transport/ncl/requester'
import { startResponder, type RequestHandlers } from '../../../../electron/transport/ncl/responder'
import { startNatsServer, type NatsServer } from '../../../fixtures/nats-server'
import { recordedExchanges } from '../../../fixtures/wire/recorded'

/** Machines that run tests may be busy. */
const patiently = { timeout: 10_000, interval: 5 }

let server: NatsServer
let orchestrator: NatsLink
let node: NatsLink
const stops: (() => void)[] = []

beforeAll(async () => {
  server = await startNatsServer()
  orchestrator = await dial({ addresses: parseAddresses([server.url]), name: 'orchestrator' })
  node = await dial({ addresses: parseAddresses([server.url]), name: 'n-probe' })
})
afterAll(async () => {
  await node.close()
  await orchestrator.close()
  await server.stop()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await orchestrator.flush()
})

const respond = async (subject: string, handlers: RequestHandlers, source = 'orchestrator-control'): Promise<void> => {
  const { stop } = startResponder(orchestrator, subject, { source, log: silentLog, handlers })
  stops.push(stop)
  await orchestrator.flush()
}
const ask = (subject: string, data: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<LinkMessage> =>
  node.request(subject, data, { timeoutMs: 5000, ...(headers === undefined ? {} : { headers }) })
const heartbeat = (nodeId: string): Uint8Array =>
  encodeEnvelope({ type: 'transport.HeartbeatRequest', payload: { NodeID: nodeId }, source: nodeId }).data

describe('startResponder, given what a real orchestrator was given', () => {
  /** The recorded orchestrator's own errors, word for word; how a responder tells them is under test. */
  const handlers: RequestHandlers = {
    'transport.HeartbeatRequest': ({ NodeID }) =>
      Promise.reject(new AppError('HandshakeRequired', `node ${NodeID} not connected - handshake required`)),
    'transport.UpdateNodeInfoRequest': ({ NodeInfo }) =>
      Promise.reject(new AppError('HandshakeRequired', `node ${NodeInfo.NodeID} not connected - handshake required`)),
    'transport.ShutdownNoticeRequest': ({ NodeID }) =>
      Promise.reject(new AppError('HandshakeRequired', `node ${NodeID} not connected - handshake required`)),
    'transport.HandshakeRequest': () => Promise.reject(new Error('failed to write node state to node store: nats: invalid key')),
  }
  const requestHandlers: RequestHandlers = {
    'managedPublisher.PreSignURLRequest': () => Promise.reject(new AppError('BadRequest', 'Managed S3 publisher is not available')),
  }
  const librariesText = /(?<=json-v1: )(invalid character|json: ).*|(?<=encoding json: )(json: |parsing time|invalid node type).*/
  const refused = recordedExchanges().filter(({ outcome }) => outcome === 'BacError')

  it('gives the same answer to every request that was refused', async () => {
    await respond(wildcards.control, handlers)
    await respond(wildcards.requests, requestHandlers, 'orchestrator-data-plane-responder')
    expect(refused.length).toBeGreaterThan(30)
    for (const { name, sent_to, data, answer } of refused) {
      const recorded = answer?.decoded as { metadata: Record<string, string>; payload: { Cause: string } & Record<string, unknown> }
      const reply = await ask(sent_to, data)
      const { type, payload, metadata } = decodeEnvelope(reply.data)
      expect(type, name).toBe('BacError')
      const { Cause: cause, ...rest } = payload as typeof recorded.payload
      const { Cause: recordedCause, ...recordedRest } = recorded.payload
      expect(rest, name).toEqual(recordedRest)
      const text = librariesText.exec(recordedCause)
      if (text === null) expect(cause, name).toBe(recordedCause)
      else expect(cause.slice(0, text.index), name).toBe(recordedCause.slice(0, text.index))
      const sameMetadata = { ...recorded.metadata, 'Bacalhau-EventTime': metadata['Bacalhau-EventTime'] }
      expect(metadata, name).toEqual(sameMetadata)
      for (const [key, value] of Object.entries(metadata)) expect(reply.header(key), `${name}: header ${key}`).toBe(value)
    }
  })

  it('answers what killed the recorded one, and lives on', async () => {
    await respond(wildcards.control, handlers)
    const deadly = recordedExchanges().filter(({ outcome }) => outcome.startsWith('crash'))
    expect(deadly).toHaveLength(2)
    for (const { sent_to, data } of deadly) {
      const { type, payload } = decodeEnvelope((await ask(sent_to, data)).data)
      expect(type).toBe('BacError')
      expect(payload).toMatchObject({
        Cause: 'failed to deserialize request: failed to deserialize message envelope: the metadata is missing',
        Code: '',
      })
    }
    expect(decodeEnvelope((await ask(subjects('n-1').control, heartbeat('n-1'))).data).type).toBe('BacError')
  })
})

describe('startResponder', () => {
  it('hands over a checked payload and says where it came from', async () => {
    const seen: unknown[] = []
    await respond(wildcards.control, {
      'transport.HeartbeatRequest': (payload, context) => {
        seen.push(payload, context)
        return Promise.resolve({ type: 'transport.HeartbeatResponse', payload: { LastComputeSeqNum: 3 } })
      },
    })
    const { data } = encodeEnvelope({ type: 'transport.HeartbeatRequest', payload: { nodeid: 'n-1', LastOrchestratorSeqNum: 7 }, source: 'n-1' })
    const reply = await ask(subjects('n-1').control, data, { 'Bacalhau-MessageID': 'seq-77' })
    const { type, payload, metadata } = decodeEnvelope(reply.data)
    expect({ type, payload }).toEqual({ type: 'transport.HeartbeatResponse', payload: { LastComputeSeqNum: 3 } })
    expect(metadata).toMatchObject({ 'Bacalhau-Source': 'orchestrator-control', 'Bacalhau-MessageID': 'seq-77' })
    expect(reply.header('Bacalhau-MessageID')).toBe('seq-77')
    expect(seen).toEqual([
      { NodeID: 'n-1', AvailableCapacity: {}, QueueUsedCapacity: {}, LastOrchestratorSeqNum: 7 },
      { subject: subjects('n-1').control, nodeId: 'n-1', receivedAt: expect.any(Number) as number },
    ])
  })

  it('handles one node’s requests in turn, and other nodes’ meanwhile', async () => {
    const log: string[] = []
    const gates = new Map<string, () => void>()
    await respond(wildcards.control, {
      'transport.HeartbeatRequest': async ({ NodeID }, { nodeId }) => {
        log.push(`begin ${NodeID}`)
        if (nodeId === 'slow') await new Promise<void>((resolve) => gates.set(NodeID, resolve))
        log.push(`end ${NodeID}`)
        return { type: 'transport.HeartbeatResponse', payload: {} }
      },
    })
    const slow = ['slow-1', 'slow-2'].map((id) => ask(subjects('slow').control, heartbeat(id)))
    await expect.poll(() => gates.has('slow-1'), patiently).toBe(true)
    await ask(subjects('quick').control, heartbeat('quick'))
    expect(log).toEqual(['begin slow-1', 'begin quick', 'end quick'])
    gates.get('slow-1')?.()
    await expect.poll(() => gates.has('slow-2'), patiently).toBe(true)
    gates.get('slow-2')?.()
    await Promise.all(slow)
    expect(log.slice(3)).toEqual(['end slow-1', 'begin slow-2', 'end slow-2'])
  })

  it('refuses a flood of one node, and answers the others', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    await respond(wildcards.control, {
      'transport.HeartbeatRequest': async (_payload, { nodeId }) => {
        if (nodeId === 'flood') await gate
        return { type: 'transport.HeartbeatResponse', payload: {} }
      },
    })
    const flood = Array.from({ length: 1100 }, () =>
      requestEnvelope(node, subjects('flood').control, { type: 'transport.HeartbeatRequest', payload: {}, source: 'flood', timeoutMs: 10_000 }).then(
        ({ type }) => type,
        (error: unknown) => (error as AppError).code,
      ),
    )
    await requestEnvelope(node, subjects('calm').control, { type: 'transport.HeartbeatRequest', payload: {}, source: 'calm', timeoutMs: 10_000 })
    release()
    const outcomes = await Promise.all(flood)
    expect(outcomes.filter((outcome) => outcome === 'TooManyRequests')).toHaveLength(100)
    expect(outcomes.filter((outcome) => outcome === 'transport.HeartbeatResponse')).toHaveLength(1000)
  })

  it('answers with an error when its own answer cannot be sent', async () => {
    await respond(wildcards.control, {
      'transport.HeartbeatRequest': () => Promise.resolve({ type: 'transport.HeartbeatResponse', payload: { filling: 'x'.repeat(2_000_000) } }),
    })
    await expect(
      requestEnvelope(node, subjects('n-1').control, { type: 'transport.HeartbeatRequest', payload: {}, source: 'n-1', timeoutMs: 5000 }),
    ).rejects.toThrow('failed to encode response: A message of ')
  })

  it('drops what nobody waits for', async () => {
    let handled = 0
    await respond(wildcards.control, {
      'transport.HeartbeatRequest': () => {
        handled++
        return Promise.resolve({ type: 'transport.HeartbeatResponse', payload: {} })
      },
    })
    node.publish(subjects('n-1').control, heartbeat('n-1'))
    await ask(subjects('n-1').control, heartbeat('n-1'))
    expect(handled).toBe(1)
  })

  it('answers garbage of every kind with an error', async () => {
    await respond(wildcards.control, {})
    const withRightCrc = fc
      .tuple(
        fc.constantFrom(1, 2),
        fc.oneof(
          fc.uint8Array({ maxLength: 50 }),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
      )
      .map(([version, body]) => {
        const data = Buffer.concat([Buffer.from([version, 0, 0, 0, 0]), body])
        data.writeUInt32BE(crc32(body), 1)
        return data
      })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 100 }), withRightCrc), async (data) => {
        expect(decodeEnvelope((await ask(subjects('n-1').control, data)).data)).toMatchObject({
          type: 'BacError',
          payload: { Cause: expect.stringMatching(/^failed to deserialize request: /) as string, Code: '' },
        })
      }),
    )
  })

  it('is deaf after stop', async () => {
    const { stop } = startResponder(orchestrator, wildcards.control, { source: 'o', log: silentLog, handlers: {} })
    stop()
    await orchestrator.flush()
    await expect(ask(subjects('n-1').control, heartbeat('n-1'))).rejects.toMatchObject({ code: 'nats.no-responders' })
  })
})
