import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openJetStreamLedger } from '../../../../electron/ledger/jetstream-ledger'
import type { Ledger } from '../../../../electron/ledger/ledger'
import { createJournal, replayJournal } from '../../../../electron/orchestrator/nodes/journal'
import type { NodeChange } from '../../../../electron/orchestrator/nodes/node-changes'
import { Registry } from '../../../../electron/orchestrator/nodes/registry'
import { silentLog } from '../../../../electron/transport/log'
import { startNatsServer } from '../../../fixtures/nats-server'
import type { NatsServer } from '../../../fixtures/nats-server'

const info = (NodeID: string, label: string) => ({
  NodeID,
  NodeType: 'Compute',
  Labels: { label },
  ComputeNodeInfo: { RunningExecutions: 0, EnqueuedExecutions: 0, address: '' },
})
const id = fc.constantFrom('a', 'b', 'c')
const at = fc.nat()
const membership = fc.constantFrom('PENDING' as const, 'APPROVED' as const, 'REJECTED' as const)
const change: fc.Arbitrary<NodeChange> = fc.oneof(
  fc.record({
    kind: fc.constant('node.registered' as const),
    at,
    info: fc.tuple(id, fc.string()).map(([name, label]) => info(name, label)),
    membership,
  }),
  fc.record({ kind: fc.constant('node.info' as const), at, info: fc.tuple(id, fc.string()).map(([name, label]) => info(name, label)) }),
  fc.record({ kind: fc.constant('node.membership' as const), at, id, membership }),
  fc.record({
    kind: fc.constant('node.seen' as const),
    at,
    id,
    seen: fc.record({ connected: fc.boolean(), orchestratorSequence: fc.nat(), computeSequence: fc.nat() }),
  }),
  fc.record({ kind: fc.constant('node.deleted' as const), at, id }),
)

let nats: NatsServer
beforeAll(async () => {
  nats = await startNatsServer({
    config: (directory) => `jetstream { store_dir: ${JSON.stringify(directory)} }\nauthorization { user: state, password: state }`,
  })
})
afterAll(() => nats.stop())

let ledgers = 0
function openLedger(stream = `registry-${String((ledgers += 1))}`): Promise<Ledger> {
  return openJetStreamLedger({ server: { host: '127.0.0.1', port: nats.port, user: 'state', password: 'state' }, stream, log: silentLog })
}

describe('the registry', () => {
  it('is the same after a replay of what was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 20 }), async (transactions) => {
        const ledger = await openLedger()
        const live = new Registry()
        const journal = createJournal(ledger, live)
        await Promise.all(transactions.map((changes) => journal.commit(changes)))
        const replayed = new Registry()
        await replayJournal(ledger, replayed)
        expect([...replayed.entries()]).toEqual([...live.entries()])
        await ledger.close()
      }),
      { numRuns: 25 },
    )
  })

  it('does not change when the ledger refuses', async () => {
    const registry = new Registry()
    const ledger = await openLedger()
    await ledger.close()
    await expect(
      createJournal(ledger, registry).commit([{ kind: 'node.registered', at: 1, info: info('a', ''), membership: 'APPROVED' }]),
    ).rejects.toMatchObject({ code: 'ledger.closed' })
    expect(registry.size).toBe(0)
  })

  it('does not start on records that it does not know', async () => {
    const ledger = await openLedger()
    await createJournal(ledger, new Registry()).commit([{ kind: 'node.registered', at: 1, info: info('a', ''), membership: 'APPROVED' }])
    await ledger.append({ changes: [{ kind: 'node.promoted' }] })
    await expect(replayJournal(ledger, new Registry())).rejects.toMatchObject({
      code: 'ledger.broken',
      message: expect.stringContaining('Record 2') as string,
    })
    await ledger.close()
  })
})
