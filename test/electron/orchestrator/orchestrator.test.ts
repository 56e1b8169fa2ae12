import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeEnvelope } from '../../../electron/transport/ncl/envelope'
import { ZERO_TIME } from '../../../shared/models/node'
import { subjects } from '../../../shared/wire/subjects'
import { eventually } from '../../fixtures/eventually'
import { nodeInfo, PlayedNode } from '../../fixtures/orchestrator/played-node'
import { startWorld } from '../../fixtures/orchestrator/world'
import type { World } from '../../fixtures/orchestrator/world'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

let count = 0
async function newNode(): Promise<PlayedNode> {
  count += 1
  const id = `node-${String(count)}`
  return new PlayedNode(await world.join(id), id)
}
const untilStatus = (id: string, status: string, within = 2000) =>
  eventually(`${id} is ${status}`, async () => (await world.node(id))?.Connection === status, within)

describe('a handshake', () => {
  it('registers a node, listens to it before the answer, and shows it connected with what it offers', async () => {
    const node = await newNode()
    expect(await node.heartbeat()).toMatchObject({
      type: 'BacError',
      payload: {
        Code: 'HandshakeRequired',
        Cause: `node ${node.id} not connected - handshake required`,
        HTTPStatusCode: 428,
        Component: 'ConnectionManager',
        Retryable: true,
      },
    })
    expect(await node.handshake()).toEqual({
      type: 'transport.HandshakeResponse',
      payload: { accepted: true, reason: 'node registered', LastComputeSeqNum: 0, LastOrchestratorSeqNum: expect.any(Number) as number },
    })
    const message = encodeEnvelope({ type: 'ComputeError', payload: { ExecutionID: 'e-1' }, metadata: { 'Bacalhau-SeqNum': '9' } })
    const ack = await node.link.request(subjects(node.id).toOrchestrator, message.data, { timeoutMs: 2000, headers: message.headers })
    expect(Buffer.from(ack.data).toString()).toBe('{}')
    const state = await world.node(node.id)
    expect(state).toMatchObject({
      Membership: 'APPROVED',
      Connection: 'CONNECTED',
      ConnectionState: { Status: 'CONNECTED', DisconnectedSince: ZERO_TIME, LastComputeSeqNum: 9 },
    })
    expect(state?.Info).toEqual(nodeInfo(node.id))
    expect(state?.ConnectionState).not.toHaveProperty('LastError')
    expect(await node.heartbeat(12, { CPU: 1.5 })).toEqual({ type: 'transport.HeartbeatResponse', payload: { LastComputeSeqNum: 9 } })
    expect(await world.node(node.id)).toMatchObject({
      Info: { ComputeNodeInfo: { AvailableCapacity: { CPU: 1.5 }, MaxCapacity: { CPU: 4 } } },
      ConnectionState: { LastOrchestratorSeqNum: 12 },
    })
    expect(await node.handshake()).toMatchObject({
      payload: { accepted: true, reason: 'node reconnected', LastComputeSeqNum: 9, LastOrchestratorSeqNum: 12 },
    })
  })

  it('of a node that is no compute node is refused, and one of an unknown type is an error', async () => {
    const node = await newNode()
    expect(await node.handshake({ NodeType: 'Requester' })).toEqual({
      type: 'transport.HandshakeResponse',
      payload: { accepted: false, reason: 'node is not a compute node', LastComputeSeqNum: 0, LastOrchestratorSeqNum: 0 },
    })
    expect(await node.handshake({ NodeType: 'Worker' })).toMatchObject({
      type: 'BacError',
      payload: { Cause: expect.stringContaining('invalid node type: Worker') as string },
    })
    expect(await world.node(node.id)).toBeUndefined()
  })

  it('in the name of another node is refused, and so is a name that is none', async () => {
    const node = await newNode()
    for (const NodeID of ['someone-else', '', 'bad.id', 'a b', '*', 'x'.repeat(200)]) {
      expect(await node.handshake({ NodeID })).toMatchObject({ type: 'BacError', payload: { Code: 'BadRequest' } })
      expect(await node.ask('transport.HeartbeatRequest', { NodeID })).toMatchObject({ type: 'BacError', payload: { Code: 'BadRequest' } })
      expect(await node.ask('transport.ShutdownNoticeRequest', { NodeID })).toMatchObject({ type: 'BacError', payload: { Code: 'BadRequest' } })
    }
    expect(await node.handshake({ Labels: { long: 'x'.repeat(70_000) } })).toMatchObject({ type: 'BacError', payload: { Code: 'BadRequest' } })
    expect((await world.nodes()).map(({ Info }) => Info.NodeID)).not.toContain('someone-else')
  })
})

describe('node info', () => {
  it('is updated while the node has a session', async () => {
    const node = await newNode()
    const update = { NodeInfo: nodeInfo(node.id, { Labels: { name: node.id, rack: '7' } }) }
    expect(await node.ask('transport.UpdateNodeInfoRequest', update)).toMatchObject({ type: 'BacError', payload: { Code: 'HandshakeRequired' } })
    await node.handshake()
    expect(await node.ask('transport.UpdateNodeInfoRequest', update)).toEqual({
      type: 'transport.UpdateNodeInfoResponse',
      payload: { accepted: true },
    })
    expect((await world.nodes('?labels=rack%3D7')).map(({ Info }) => Info.NodeID)).toEqual([node.id])
  })
})

describe('the end of a connection', () => {
  it('is seen at once, with NATS’s word for it; the node offers nothing then', async () => {
    const node = await newNode()
    await node.handshake()
    await eventually('the socket is known', async () => (await world.row(node.id))?.socket.kind === 'up')
    const before = performance.now()
    await node.link.close()
    await untilStatus(node.id, 'DISCONNECTED')
    expect(performance.now() - before).toBeLessThan(1000)
    const row = await world.row(node.id)
    expect(row).toMatchObject({
      socket: { kind: 'lost', reason: 'Client Closed' },
      state: {
        ConnectionState: { LastError: 'connection lost: Client Closed' },
        Info: { ComputeNodeInfo: { AvailableCapacity: {}, QueueCapacity: {} } },
      },
    })
    expect(row?.disconnectsAt).toBeUndefined()
  })

  it('after a shutdown notice is a stop, and the next heartbeat needs a handshake', async () => {
    const node = await newNode()
    await node.handshake()
    await eventually('the socket is known', async () => (await world.row(node.id))?.socket.kind === 'up')
    expect(await node.shutdown()).toEqual({ type: 'transport.ShutdownNoticeResponse', payload: { LastComputeSeqNum: 0 } })
    expect(await world.node(node.id)).toMatchObject({
      Connection: 'DISCONNECTED',
      ConnectionState: { LastError: 'graceful shutdown', LastOrchestratorSeqNum: 7 },
    })
    expect(await node.heartbeat()).toMatchObject({ payload: { Code: 'HandshakeRequired' } })
    await node.link.close()
    await eventually('the socket is stopped', async () => (await world.row(node.id))?.socket.kind === 'stopped')
    expect(await world.node(node.id)).toMatchObject({ ConnectionState: { LastError: 'graceful shutdown' } })
  })

  it('keeps the session: the node is back as soon as it listens again, without a handshake, and its heartbeats are taken', async () => {
    const node = await newNode()
    await node.handshake()
    await eventually('the socket is known', async () => (await world.row(node.id))?.socket.kind === 'up')
    await node.link.close()
    await untilStatus(node.id, 'DISCONNECTED')
    const again = new PlayedNode(await world.join(node.id), node.id)
    await untilStatus(node.id, 'CONNECTED')
    expect(await again.heartbeat()).toMatchObject({ type: 'transport.HeartbeatResponse' })
    expect(await world.row(node.id)).toMatchObject({ socket: { kind: 'up' }, state: { Connection: 'CONNECTED' } })
  })

  it('keeps the session: a heartbeat on a new connection brings the node back at once', async () => {
    const node = await newNode()
    await node.handshake()
    await eventually('the socket is known', async () => (await world.row(node.id))?.socket.kind === 'up')
    await node.link.close()
    await untilStatus(node.id, 'DISCONNECTED')
    const again = new PlayedNode(await world.join(node.id), node.id)
    expect(await again.heartbeat()).toMatchObject({ type: 'transport.HeartbeatResponse' })
    expect(await world.node(node.id)).toMatchObject({ Connection: 'CONNECTED' })
  })

  it('of a legacy probe under the node’s name changes nothing, neither before nor after the node’s own', async () => {
    const node = await newNode()
    const seen: (string | undefined)[] = []
    const probe = async () => {
      const link = await world.join(node.id)
      const reply = await link.request(`node.management.${node.id}.RegisterNode/v1`, Buffer.from(JSON.stringify({ Info: nodeInfo(node.id) })), {
        timeoutMs: 2000,
      })
      expect(JSON.parse(Buffer.from(reply.data).toString())).toEqual({
        value: { Accepted: false, Reason: 'node supports NCLv1 protocol - legacy protocol disabled' },
      })
      void link.close()
    }
    await probe()
    await node.handshake()
    for (let n = 0; n < 10; n += 1) {
      seen.push((await world.node(node.id))?.Connection)
      if (n === 3) await probe()
    }
    await eventually('the probe is gone', async () => (await world.row(node.id))?.socket.kind === 'up')
    seen.push((await world.node(node.id))?.Connection)
    expect(new Set(seen)).toEqual(new Set(['CONNECTED']))
    // A restarted process: its old connection is lost, the probe comes and goes, and only the handshake brings it back.
    await node.link.close()
    await untilStatus(node.id, 'DISCONNECTED')
    const lost = (await world.row(node.id))?.socket
    await probe()
    expect((await world.row(node.id))?.socket).toEqual(lost)
    expect((await world.node(node.id))?.Connection).toBe('DISCONNECTED')
  })

  it('right after the handshake is not missed', async () => {
    const node = await newNode()
    await node.handshake()
    await node.link.close()
    await untilStatus(node.id, 'DISCONNECTED')
  })
})

describe('two nodes of one name', () => {
  it('are a conflict while both listen, and no longer', async () => {
    const node = await newNode()
    await node.handshake()
    const twin = new PlayedNode(await world.join(node.id), node.id)
    await twin.handshake()
    await eventually('the conflict is shown', async () => (await world.row(node.id))?.conflict?.clientIds.length === 2)
    expect((await world.row(node.id))?.conflict?.hosts).toEqual(['127.0.0.1', '127.0.0.1'])
    // One of them says that it stops: the other stays connected.
    await node.shutdown()
    expect((await world.node(node.id))?.Connection).toBe('CONNECTED')
    await node.link.close()
    await eventually('the conflict is over', async () => (await world.row(node.id))?.conflict === undefined)
    expect((await world.node(node.id))?.Connection).toBe('CONNECTED')
    expect(await twin.heartbeat()).toMatchObject({ type: 'transport.HeartbeatResponse' })
    await twin.link.close()
    await untilStatus(node.id, 'DISCONNECTED')
  })

  it('a connection that does not listen is no second node, and does not hold up the loss of the first', async () => {
    const node = await newNode()
    await node.handshake()
    await world.join(node.id)
    await eventually('both sockets are known', async () => (await world.row(node.id))?.socket.kind === 'up')
    await node.link.close()
    await untilStatus(node.id, 'DISCONNECTED')
    expect((await world.row(node.id))?.conflict).toBeUndefined()
  })
})

describe('approval', () => {
  it('reject disconnects and keeps out, approve lets in again, delete forgets', async () => {
    const node = await newNode()
    await node.handshake()
    expect(await world.act(node.id, 'approve')).toMatchObject({
      status: 409,
      body: { Code: 'ConflictNodeState', Message: `node ${node.id} already approved` },
    })
    expect(await world.act(node.id, 'reject')).toEqual({ status: 200, body: { Success: true } })
    expect(await world.node(node.id)).toMatchObject({
      Membership: 'REJECTED',
      Connection: 'DISCONNECTED',
      ConnectionState: { LastError: 'node rejected' },
    })
    expect(await world.act(node.id, 'reject')).toMatchObject({ status: 409, body: { Message: `node ${node.id} already rejected` } })
    expect(await node.heartbeat()).toMatchObject({ payload: { Code: 'HandshakeRequired' } })
    expect(await node.handshake()).toEqual({
      type: 'transport.HandshakeResponse',
      payload: { accepted: false, reason: 'node has been rejected', LastComputeSeqNum: 0, LastOrchestratorSeqNum: 0 },
    })
    expect(await world.act(node.id, 'approve')).toEqual({ status: 200, body: { Success: true } })
    expect(await world.node(node.id)).toMatchObject({ Membership: 'APPROVED', Connection: 'DISCONNECTED' })
    expect(await node.handshake()).toMatchObject({ payload: { accepted: true, reason: 'node reconnected' } })
    expect(await world.act(node.id, 'delete')).toEqual({ status: 200, body: { Success: true } })
    expect(await world.node(node.id)).toBeUndefined()
    expect(await node.heartbeat()).toMatchObject({ payload: { Code: 'HandshakeRequired' } })
    expect(await node.handshake()).toMatchObject({ payload: { accepted: true, reason: 'node registered' } })
    expect(await world.act('nobody', 'approve')).toMatchObject({ status: 404, body: { Code: 'NotFound', Message: 'node not found: nobody' } })
    expect(await world.act(node.id, 'promote')).toMatchObject({ status: 500, body: { Code: 'InternalError', Component: 'Unknown' } })
  })

  it('of the orchestrator itself stays as it is', async () => {
    const own = (await world.nodes()).find(({ Info }) => Info.NodeType === 'Requester')
    expect(own).toMatchObject({ Membership: 'APPROVED', Connection: 'CONNECTED' })
    for (const action of ['approve', 'reject', 'delete']) expect((await world.act(own?.Info.NodeID ?? '', action)).status).toBe(409)
  })

  it('by hand: a new node is accepted and waits; approval survives a restart', async () => {
    const own = await startWorld({ config: { ManualApproval: true } })
    try {
      const node = new PlayedNode(await own.join('n-new'), 'n-new')
      expect(await node.handshake()).toMatchObject({ payload: { accepted: true, reason: 'node registered' } })
      expect(await own.node('n-new')).toMatchObject({ Membership: 'PENDING', Connection: 'CONNECTED' })
      expect(await own.act('n-new', 'approve')).toMatchObject({ status: 200 })
      expect(await own.node('n-new')).toMatchObject({ Membership: 'APPROVED', Connection: 'CONNECTED' })
      await node.heartbeat(33)
      await own.restart('stop')
      expect(await own.node('n-new')).toMatchObject({
        Membership: 'APPROVED',
        Connection: 'DISCONNECTED',
        ConnectionState: { LastError: 'orchestrator restarted', LastOrchestratorSeqNum: 33 },
      })
      expect(await node.heartbeat()).toMatchObject({ payload: { Code: 'HandshakeRequired' } })
      expect(await node.handshake()).toMatchObject({ payload: { accepted: true, reason: 'node reconnected', LastOrchestratorSeqNum: 33 } })
      expect(await own.node('n-new')).toMatchObject({ Membership: 'APPROVED', Connection: 'CONNECTED' })
    } finally {
      await own.stop()
    }
  })
})

describe('a restart', () => {
  it('of the orchestrator loses nothing that it had acknowledged', async () => {
    const own = await startWorld()
    try {
      const nodes = await Promise.all(Array.from({ length: 20 }, async (_, n) => new PlayedNode(await own.join(`n-${String(n)}`), `n-${String(n)}`)))
      await Promise.all(nodes.map((node) => node.handshake({ Labels: { name: node.id, rack: node.id } })))
      await Promise.all(nodes.slice(0, 5).map((node) => own.act(node.id, 'reject')))
      await Promise.all(nodes.slice(5, 8).map((node) => own.act(node.id, 'delete')))
      await own.restart('kill')
      const states = (await own.nodes()).filter(({ Info }) => Info.NodeType === 'Compute')
      expect(states.map(({ Info, Membership }) => [Info.NodeID, Info.Labels?.['rack'], Membership])).toEqual(
        nodes
          .filter((_, n) => n < 5 || n > 7)
          .map((node, n) => [node.id, node.id, n < 5 ? 'REJECTED' : 'APPROVED'])
          .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      )
      expect(states.every(({ Connection }) => Connection === 'DISCONNECTED')).toBe(true)
    } finally {
      await own.stop()
    }
  })

  it('of nats-server is told as such, and nodes come back without a handshake', async () => {
    const own = await startWorld()
    try {
      const node = new PlayedNode(await own.join('n-1'), 'n-1')
      await node.handshake()
      await eventually('the socket is known', async () => (await own.row('n-1'))?.socket.kind === 'up')
      await own.nats.kill()
      await eventually(
        'the node is cut off',
        async () => (await own.node('n-1'))?.ConnectionState.LastError === 'connection lost: the NATS server is gone',
        4000,
      )
      const again = await own.nats.restart()
      try {
        await eventually('the node is back', async () => (await own.node('n-1'))?.Connection === 'CONNECTED', 10_000)
        expect(await node.heartbeat()).toMatchObject({ type: 'transport.HeartbeatResponse' })
      } finally {
        await again.stop()
      }
    } finally {
      await own.stop()
    }
  }, 20_000)
})

describe('silence', () => {
  it('of a node whose socket stays up ends in a timeout; the next heartbeat needs a handshake', async () => {
    const own = await startWorld({ config: { DisconnectTimeout: '600ms' } })
    try {
      const node = new PlayedNode(await own.join('n-1'), 'n-1')
      await node.handshake()
      await eventually('the node is lost', async () => (await own.node('n-1'))?.Connection === 'DISCONNECTED', 3000)
      expect(await own.row('n-1')).toMatchObject({ state: { ConnectionState: { LastError: 'heartbeat timeout' } }, socket: { kind: 'up' } })
      expect(await node.heartbeat()).toMatchObject({ payload: { Code: 'HandshakeRequired' } })
      expect(await node.handshake()).toMatchObject({ payload: { accepted: true, reason: 'node reconnected' } })
      expect((await own.row('n-1'))?.disconnectsAt).toBeGreaterThan(Date.now())
    } finally {
      await own.stop()
    }
  })
})
