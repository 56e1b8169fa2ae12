import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createJournal, replayJournal } from '../../../electron/orchestrator/journal'
import type { NodeChange } from '../../../electron/orchestrator/node-changes'
import { Registry } from '../../../electron/orchestrator/registry'

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

describe('the registry', () => {
  it('is the same after a replay of what was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 20 }), async (transactions) => {
        const records: string[] = []
        const ledger = {
          append: (record: unknown) => Promise.resolve(records.push(JSON.stringify(record))),
          replay: (onRecord: (record: unknown, sequence: number) => void) =>
            Promise.resolve(records.forEach((record, n) => onRecord(JSON.parse(record), n + 1))),
        }
        const live = new Registry()
        const journal = createJournal(ledger, live)
        for (const changes of transactions) await journal.commit(changes)
        const replayed = new Registry()
        await replayJournal(ledger, replayed)
        expect([...replayed.entries()]).toEqual([...live.entries()])
      }),
    )
  })

  it('does not change when the ledger refuses', async () => {
    const registry = new Registry()
    const journal = createJournal({ append: () => Promise.reject(new Error('full')) }, registry)
    await expect(journal.commit([{ kind: 'node.registered', at: 1, info: info('a', ''), membership: 'APPROVED' }])).rejects.toThrow('full')
    expect(registry.size).toBe(0)
  })

  it('does not start on records that it does not know', async () => {
    const ledger = {
      replay: (onRecord: (record: unknown, sequence: number) => void) => Promise.resolve(onRecord({ changes: [{ kind: 'node.promoted' }] }, 4)),
    }
    await expect(replayJournal(ledger, new Registry())).rejects.toMatchObject({
      code: 'ledger.broken',
      message: expect.stringContaining('Record 4') as string,
    })
  })
})
