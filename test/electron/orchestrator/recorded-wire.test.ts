import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../../electron/transport/ncl/envelope'
import { AppError } from '../../../shared/errors'
import { eventually } from '../../fixtures/eventually'
import { PlayedNode } from '../../fixtures/orchestrator/played-node'
import { loadRecording, playRecording } from '../../fixtures/orchestrator/recorded-node'
import type { Comparison } from '../../fixtures/orchestrator/recorded-node'
import { startWorld } from '../../fixtures/orchestrator/world'
import type { World } from '../../fixtures/orchestrator/world'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.stop())

/** A node that the recording finds connected. */
async function connected(id: string): Promise<PlayedNode> {
  const node = new PlayedNode(await world.join(id), id)
  await node.handshake()
  return node
}
const unlike = (comparisons: readonly Comparison[]) =>
  comparisons.filter(({ recorded, ours }) => recorded !== undefined && JSON.stringify(recorded) !== JSON.stringify(ours))
const expectAlike = (comparisons: readonly Comparison[], atLeast: number) => {
  expect(comparisons.length).toBeGreaterThanOrEqual(atLeast)
  for (const { request, recorded, ours } of comparisons) if (recorded !== undefined) expect([request, ours]).toEqual([request, recorded])
}
const noNotes = () => Promise.resolve()

describe('what a real node sends', () => {
  it('01: joins, is refused as a legacy node, shakes hands, beats', async () => {
    expectAlike(await playRecording(world, loadRecording('01-node-join'), noNotes), 4)
    const [node] = (await world.nodes()).filter(({ Info }) => Info.NodeType === 'Compute')
    expect(node).toMatchObject({ Connection: 'CONNECTED', Membership: 'APPROVED' })
  })

  it('11: says goodbye', async () => {
    await connected('n-2fe6860b-42fe-4486-b077-11b3ba65bf75')
    const leaving = await connected('n-e677db7b-6f1c-41f5-a281-8609220f015f')
    expectAlike(await playRecording(world, loadRecording('11-graceful-shutdown'), noNotes), 3)
    expect(await world.node(leaving.id)).toMatchObject({ Connection: 'DISCONNECTED', ConnectionState: { LastError: 'graceful shutdown' } })
  })

  it('13: the orchestrator is killed and comes back; nobody is listened to until the handshake, and nothing is lost', async () => {
    const before = await connected('n-64408de6-6818-4f53-b606-eb48e4a99006')
    const comparisons = await playRecording(world, loadRecording('13-orchestrator-kill-and-restart'), async (text) => {
      if (text.startsWith('the orchestrator starts again')) await world.restart('kill')
    })
    expectAlike(comparisons, 22)
    expect(comparisons.filter(({ ours }) => ours === 'no responders').length).toBeGreaterThan(3)
    expect(await world.node(before.id)).toMatchObject({ Connection: 'CONNECTED', ConnectionState: { LastComputeSeqNum: 16 } })
  })

  it('15: rejected, refused, approved again', async () => {
    const { id } = await connected('n-64408de6-6818-4f53-b606-eb48e4a99006')
    const comparisons = await playRecording(world, loadRecording('15-node-rejected'), async (text) => {
      if (text === 'admin rejects the node') await world.act(id, 'reject')
      if (text === 'admin approves it again') await world.act(id, 'approve')
    })
    expectAlike(comparisons, 5)
    expect(await world.node(id)).toMatchObject({ Connection: 'CONNECTED', Membership: 'APPROVED' })
  })

  it('17: deleted, and back as a new node', async () => {
    const { id } = await connected('n-64408de6-6818-4f53-b606-eb48e4a99006')
    const comparisons = await playRecording(world, loadRecording('17-node-deleted'), async (text) => {
      if (text === 'admin deletes the node') expect(await world.act(id, 'delete')).toMatchObject({ status: 200 })
    })
    expectAlike(comparisons, 4)
  })

  it('32: two nodes with one id; when one leaves, the other stays, which a real orchestrator does not manage', async () => {
    const id = 'n-73818382-4cda-4a91-bee1-9dbe27f9318e'
    await connected(id)
    const comparisons = await playRecording(world, loadRecording('32-two-nodes-one-id'), async (text) => {
      if (text === 'the copy shuts down') await eventually('the conflict is shown', async () => (await world.row(id))?.conflict !== undefined)
    })
    expect(unlike(comparisons)).toMatchObject([
      { request: 'transport.HeartbeatRequest', recorded: { payload: { Code: 'HandshakeRequired' } }, ours: { type: 'transport.HeartbeatResponse' } },
    ])
    expect(comparisons.length).toBeGreaterThan(15)
  })
})

it('15b: a node that waits for approval', async () => {
  const own = await startWorld({ config: { ManualApproval: true } })
  try {
    const lines = loadRecording('15b-manual-approval')
    const id = 'n-848205bf-e730-4760-b3d5-abb0a830393c'
    const comparisons = await playRecording(own, lines, async (text) => {
      if (text === 'node is PENDING, CONNECTED') expect(await own.node(id)).toMatchObject({ Membership: 'PENDING', Connection: 'CONNECTED' })
      if (text === 'admin approves') expect(await own.act(id, 'approve')).toMatchObject({ status: 200 })
    })
    expectAlike(comparisons, 5)
    expect(await own.node(id)).toMatchObject({ Membership: 'APPROVED' })
  } finally {
    await own.stop()
  }
})

interface Probe {
  readonly name: string
  readonly sent_to: string
  readonly bytes_b64: string
  readonly outcome: string
  readonly answer: { readonly payload_b64: string } | null
}

it('envelope.json: 70 good and bad messages in a row get the answers of a real orchestrator, and those that kill it an error', async () => {
  const probes = JSON.parse(readFileSync(join(__dirname, '../../fixtures/wire/envelope.json'), 'utf8')) as Probe[]
  const link = await world.join('n-probe')
  const outcomeOf = async ({ sent_to, bytes_b64, name }: Probe) => {
    const headers: Record<string, string> = name === 'heartbeat-with-message-id-header' ? { 'Bacalhau-MessageID': 'seq-77' } : {}
    try {
      const { data } = await link.request(sent_to, Buffer.from(bytes_b64, 'base64'), { timeoutMs: 5000, headers })
      if (data[0] !== 1) return { type: 'error' in (JSON.parse(Buffer.from(data).toString()) as object) ? 'nack' : 'ack' }
      return decodeEnvelope(data)
    } catch (error) {
      if (error instanceof AppError && error.code === 'nats.no-responders') return { type: 'no responders (status 503)' }
      throw error
    }
  }
  /** Where ours is stricter, or must answer what a real one dies of. */
  const stricter = new Set(['handshake-bad-nodeid', 'handshake-subject-mismatch', 'metadata-missing', 'metadata-null'])
  for (const probe of probes) {
    const outcome = await outcomeOf(probe)
    const expected = stricter.has(probe.name) ? 'BacError' : probe.outcome
    // A refused message shuts the way for those behind it, so that no sender sees a refusal and an ack together; and the same bytes are not refused twice.
    if (probe.sent_to.endsWith('.out.msgs') && expected !== 'no responders (status 503)') expect(['ack', 'nack'], probe.name).toContain(outcome.type)
    else expect([probe.name, outcome.type]).toEqual([probe.name, expected])
    if (probe.outcome === 'BacError' && probe.answer !== null && 'payload' in outcome) {
      const recorded = decodeEnvelope(Buffer.from(probe.answer.payload_b64, 'base64')).payload as { Code: string; Component: string }
      expect([probe.name, outcome.payload]).toMatchObject([
        probe.name,
        { Code: ['handshake-empty-nodeid', 'payload-null', 'payload-empty-object'].includes(probe.name) ? 'BadRequest' : recorded.Code },
      ])
    }
  }
})
