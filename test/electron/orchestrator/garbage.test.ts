import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeEnvelope, encodeEnvelope } from '../../../electron/transport/ncl/envelope'
import type { NatsLink } from '../../../electron/transport/link'
import { subjects } from '../../../shared/wire/subjects'
import { nodeInfo, PlayedNode } from '../../fixtures/orchestrator/played-node'
import { startWorld } from '../../fixtures/orchestrator/world'
import type { World } from '../../fixtures/orchestrator/world'

let world: World
let witness: PlayedNode
let vandal: NatsLink
beforeAll(async () => {
  world = await startWorld()
  witness = new PlayedNode(await world.join('witness'), 'witness')
  await witness.handshake()
  vandal = await world.join('vandal')
  await new PlayedNode(vandal, 'vandal').handshake()
})
afterAll(() => world.stop())

const { control, requests, toOrchestrator } = subjects('vandal')
const management = 'node.management.vandal.RegisterNode/v1'

const types = [
  'transport.HandshakeRequest',
  'transport.HeartbeatRequest',
  'transport.UpdateNodeInfoRequest',
  'transport.ShutdownNoticeRequest',
  'BidResult',
  'BacError',
  'x',
]
const payload = fc.oneof(
  fc.json().map((text) => JSON.parse(text) as unknown),
  fc.record({
    NodeInfo: fc.oneof(fc.anything(), fc.constant(nodeInfo('vandal'))),
    NodeID: fc.oneof(fc.string(), fc.constant('vandal'), fc.constant(null)),
    LastOrchestratorSeqNum: fc.anything(),
  }),
  fc.constantFrom(
    { NodeInfo: { NodeID: '__proto__', NodeType: 'Compute' } },
    { NodeInfo: { NodeID: 'vandal', NodeType: 'Compute', Labels: { __proto__: 'x', constructor: 'y' } } },
  ),
)
const enveloped = fc.tuple(fc.constantFrom(...types), payload).map(([type, body]) => {
  // What cannot be JSON (a cycle never comes, but a bigint may) is sent as its text.
  const json = JSON.parse(JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))) as unknown
  return encodeEnvelope({ type, payload: json }).data
})
const bytes = fc.oneof(
  enveloped,
  fc.uint8Array({ maxLength: 300 }),
  enveloped.chain((data) => fc.nat(data.length - 1).map((at) => data.map((byte, n) => (n === at ? byte ^ 1 : byte)))),
)

describe('garbage', () => {
  it.each([
    ['control', control],
    ['requests', requests],
  ])(
    'on the %s subject is always answered, in an envelope',
    async (_name, subject) => {
      await fc.assert(
        fc.asyncProperty(bytes, async (data) => {
          const reply = await vandal.request(subject, data, { timeoutMs: 3000 })
          expect(decodeEnvelope(reply.data).type).toMatch(/^(BacError|transport\.\w+Response)$/)
        }),
        { numRuns: 300 },
      )
    },
    30_000,
  )

  it('on the messages subject is acknowledged or refused while the node has a session', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (data) => {
        await new PlayedNode(vandal, 'vandal').handshake()
        const reply = await vandal.request(toOrchestrator, data, { timeoutMs: 3000 })
        expect(Buffer.from(reply.data).toString()).toMatch(/^\{/)
      }),
      { numRuns: 100 },
    )
  }, 30_000)

  it('on the legacy subjects never lets anybody in', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (data) => {
        const reply = await vandal.request(management, data, { timeoutMs: 3000 })
        expect(Buffer.from(reply.data).toString()).not.toContain('"Accepted":true')
      }),
      { numRuns: 100 },
    )
  }, 30_000)

  it('without a reply subject, and as large as the server takes, harms nobody', async () => {
    const large = encodeEnvelope({
      type: 'transport.HandshakeRequest',
      payload: { NodeInfo: nodeInfo('vandal', { Labels: { long: 'x'.repeat(900_000) } }) },
    }).data
    for (const subject of [control, requests, toOrchestrator, management]) {
      vandal.publish(subject, large)
      vandal.publish(subject, new Uint8Array())
    }
    expect(decodeEnvelope((await vandal.request(control, large, { timeoutMs: 3000 })).data)).toMatchObject({
      type: 'BacError',
      payload: { Code: 'BadRequest' },
    })
  })

  it('has left the others alone: one node more or less, and the witness still connected', async () => {
    expect(await witness.heartbeat()).toMatchObject({ type: 'transport.HeartbeatResponse' })
    const names = (await world.nodes()).filter(({ Info }) => Info.NodeType === 'Compute').map(({ Info }) => Info.NodeID)
    expect(names.filter((name) => name !== 'vandal')).toEqual(['witness'])
    expect(await world.node('witness')).toMatchObject({ Connection: 'CONNECTED' })
    expect(world.entries.filter(({ level }) => level === 'error').filter(({ message }) => /threw|fault/.test(message))).toEqual([])
  })
})

describe('garbage over HTTP', () => {
  it('on every route of the orchestrator is answered as an error or as what was asked, and changes nothing', async () => {
    const before = JSON.stringify((await world.nodes()).map(({ Info, Membership }) => [Info.NodeID, Membership]))
    const path = fc.constantFrom(
      '/api/v1/orchestrator/nodes',
      '/api/v1/orchestrator/nodes/witness',
      '/api/v1/auth/clientkey',
      '/api/v1/auth',
      '/api/v1/shoal/nodes',
      '/api/v1/agent/node',
    )
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.record({ Action: fc.string(), MethodData: fc.string() }).map((value) => JSON.stringify(value)),
    )
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH'),
        fc.webQueryParameters(),
        body,
        async (target, method, query, text) => {
          const response = await fetch(`${world.api.url}${target}?${query}`, {
            method,
            headers: { 'Content-Type': 'application/json' },
            ...(method === 'GET' ? {} : { body: text }),
          })
          const reply = (await response.json()) as { Status?: number }
          expect([200, 400, 404, 500]).toContain(response.status)
          if (response.status !== 200) expect(reply.Status).toBe(response.status)
        },
      ),
      { numRuns: 300 },
    )
    expect(JSON.stringify((await world.nodes()).map(({ Info, Membership }) => [Info.NodeID, Membership]))).toBe(before)
    expect(world.entries.filter(({ level, message }) => level === 'error' && /fault/.test(message))).toEqual([])
  }, 30_000)
})
