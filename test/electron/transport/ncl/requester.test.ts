import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAddresses } from '../../../../shared/address'
import { AppError } from '../../../../shared/errors'
import { subjects, wildcards } from '../../../../shared/wire/subjects'
import { dial } from '../../../../electron/transport/dial'
import { encodeEnvelope } from '../../../../electron/transport/ncl/envelope'
import type { NatsLink } from '../../../../electron/transport/link'
import { silentLog } from '../../../../electron/transport/log'
import { requestEnvelope, requestTyped } from '../../../../electron/transport/ncl/requester'
import { startResponder } from '../../../../electron/transport/ncl/responder'
import { startNatsServer, type NatsServer } from '../../../fixtures/nats-server'

let server: NatsServer
let orchestrator: NatsLink
let node: NatsLink

beforeAll(async () => {
  server = await startNatsServer()
  orchestrator = await dial({ addresses: parseAddresses([server.url]), name: 'orchestrator' })
  node = await dial({ addresses: parseAddresses([server.url]), name: 'n-1' })
})
afterAll(async () => {
  await node.close()
  await orchestrator.close()
  await server.stop()
})

describe('requestEnvelope', () => {
  const request = { type: 'transport.HeartbeatRequest', payload: { NodeID: 'n-1' }, source: 'n-1', timeoutMs: 1000 }

  it('gives the reply, and a refusal as an error with its code, hint and details', async () => {
    const { stop } = startResponder(orchestrator, wildcards.control, {
      source: 'orchestrator-control',
      log: silentLog,
      handlers: {
        'transport.HeartbeatRequest': ({ NodeID }) =>
          NodeID === 'n-1'
            ? Promise.resolve({ type: 'transport.HeartbeatResponse', payload: { LastComputeSeqNum: 1 } })
            : Promise.reject(new AppError('ConflictNodeState', 'no', { hint: 'do this', details: { a: 'b' } })),
      },
    })
    await orchestrator.flush()
    expect(await requestEnvelope(node, subjects('n-1').control, request)).toEqual({
      type: 'transport.HeartbeatResponse',
      payload: { LastComputeSeqNum: 1 },
    })
    expect(await requestTyped(node, subjects('n-1').control, request, 'transport.HeartbeatResponse')).toEqual({ LastComputeSeqNum: 1 })
    await expect(requestTyped(node, subjects('n-1').control, request, 'transport.HandshakeResponse')).rejects.toMatchObject({
      code: 'payload.unexpected-type',
    })
    await expect(requestEnvelope(node, subjects('n-1').control, { ...request, payload: { NodeID: 'n-2' } })).rejects.toMatchObject({
      code: 'ConflictNodeState',
      message: 'no',
      hint: 'do this',
      details: { a: 'b' },
    })
    stop()
    await orchestrator.flush()
  })

  it('rejects when nobody is there, nobody answers, or the answer is garbage', async () => {
    const { control } = subjects('n-1')
    await expect(requestEnvelope(node, control, request)).rejects.toMatchObject({ code: 'nats.no-responders' })
    const answers = [
      undefined,
      new Uint8Array(0),
      new TextEncoder().encode('{}'),
      encodeEnvelope({ type: 'Nope', payload: {} }).data,
      encodeEnvelope({ type: 'BacError', payload: 'x' }).data,
    ]
    const garbage = orchestrator.subscribe(control, ({ reply }) => {
      const answer = answers.shift()
      if (answer !== undefined) orchestrator.publish(reply ?? '', answer)
    })
    await orchestrator.flush()
    await expect(requestEnvelope(node, control, { ...request, timeoutMs: 30 })).rejects.toMatchObject({ code: 'nats.timeout' })
    await expect(requestEnvelope(node, control, request)).rejects.toMatchObject({ code: 'envelope.empty' })
    await expect(requestEnvelope(node, control, request)).rejects.toMatchObject({ code: 'envelope.too-short' })
    await expect(requestEnvelope(node, control, request)).rejects.toMatchObject({ code: 'payload.unknown-type' })
    await expect(requestEnvelope(node, control, request)).rejects.toMatchObject({ code: 'payload.invalid' })
    garbage.unsubscribe()
  })
})
