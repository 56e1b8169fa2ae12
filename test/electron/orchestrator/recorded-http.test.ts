import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeEnvelope } from '../../../electron/transport/ncl/envelope'
import type { NodeState } from '../../../shared/models/node'
import { subjects } from '../../../shared/wire/subjects'
import { essence, loadExchanges, replay } from '../../fixtures/http/exchanges'
import type { Exchange } from '../../fixtures/http/exchanges'
import { PlayedNode } from '../../fixtures/orchestrator/played-node'
import { startWorld } from '../../fixtures/orchestrator/world'
import type { World } from '../../fixtures/orchestrator/world'

const nodesOf = (exchange: Exchange | undefined) => (exchange?.response.body as { Nodes: NodeState[] }).Nodes
const concernsNodes = ({ request, response }: Exchange) => /^\/api\/v1\/(orchestrator\/nodes|auth)/.test(request.path) && response.status !== 403

/** Brings a recorded node into the state in which the recording shows it. */
async function bring(world: World, recorded: NodeState): Promise<PlayedNode> {
  const { NodeID: id } = recorded.Info
  const node = new PlayedNode(await world.join(id), id)
  expect(await node.handshake(recorded.Info)).toMatchObject({ payload: { accepted: true } })
  const { LastComputeSeqNum: told, LastOrchestratorSeqNum: heard = 0 } = recorded.ConnectionState
  if (told !== undefined) {
    const { data, headers } = encodeEnvelope({ type: 'ComputeError', payload: { ExecutionID: 'e-1' }, metadata: { 'Bacalhau-SeqNum': String(told) } })
    await node.link.request(subjects(id).toOrchestrator, data, { timeoutMs: 2000, headers })
  }
  await node.heartbeat(heard, recorded.Info.ComputeNodeInfo.AvailableCapacity ?? {})
  if (recorded.Connection === 'DISCONNECTED') {
    await node.ask('transport.ShutdownNoticeRequest', { NodeID: id, LastOrchestratorSeqNum: heard })
    await node.link.close()
  }
  return node
}

async function expectSameAnswers(world: World, exchanges: readonly Exchange[]): Promise<void> {
  for (const exchange of exchanges) {
    const reply = await replay(world.api.url, exchange)
    expect({ step: exchange.step, status: reply.status, body: essence(reply.body) }).toEqual({
      step: exchange.step,
      status: exchange.response.status,
      body: essence(exchange.response.body),
    })
    expect(reply.text.endsWith('\n')).toBe(true)
  }
}

describe('two nodes connected', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    for (const node of nodesOf(loadExchanges('node-list')[0])) if (node.Info.NodeType === 'Compute') await bring(world, node)
  })
  afterAll(() => world.stop())

  it.each(['node-list', 'node-list-raw', 'node-describe', 'auth-login-clientkey'])('%s', async (name) => {
    const exchanges = loadExchanges(name).filter(concernsNodes)
    expect(exchanges.length).toBeGreaterThan(1)
    await expectSameAnswers(world, exchanges)
  })

  it('node-approve-reject-delete', async () => {
    const unknownAction = ({ response }: Exchange) => response.status === 500
    const exchanges = loadExchanges('node-approve-reject-delete').filter(concernsNodes)
    await expectSameAnswers(
      world,
      exchanges.filter((exchange) => !unknownAction(exchange)),
    )
    for (const exchange of exchanges.filter(unknownAction)) {
      const reply = await replay(world.api.url, exchange)
      expect([exchange.step, reply.status, reply.body]).toMatchObject([
        exchange.step,
        500,
        { Code: 'InternalError', Component: 'Unknown', RequestID: '' },
      ])
      expect((reply.body as { Message: string }).Message).toMatch(/^Internal server error/)
    }
  })
})

it('node-disconnect: a node that said goodbye, then one that is deleted', async () => {
  const world = await startWorld()
  try {
    const exchanges = loadExchanges('node-disconnect').filter(concernsNodes)
    for (const node of nodesOf(exchanges[0])) if (node.Info.NodeType === 'Compute') await bring(world, node)
    await expectSameAnswers(world, exchanges)
  } finally {
    await world.stop()
  }
})

it('node-approve-manual: from pending to deleted', async () => {
  const world = await startWorld({ nodeId: 'n-a146799b-29a5-493b-8efc-d584a95c8886', config: { ManualApproval: true } })
  try {
    const exchanges = loadExchanges('node-approve-manual').filter(concernsNodes)
    for (const node of nodesOf(exchanges[0])) if (node.Info.NodeType === 'Compute') await bring(world, node)
    await expectSameAnswers(world, exchanges)
  } finally {
    await world.stop()
  }
})
