import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Feed } from '../../../../electron/orchestrator/feed/feed'
import type { SerialisedEvent } from '../../../../electron/orchestrator/feed/feed'
import { NodeTable } from '../../../../electron/orchestrator/nodes/node-table'
import { requesterInfo } from '../../../../electron/orchestrator/nodes/own-node'
import { Registry } from '../../../../electron/orchestrator/nodes/registry'
import { SocketTable } from '../../../../electron/orchestrator/presence/socket-table'
import { feedEventSchema } from '../../../../shared/http/feed'
import type { FeedEvent } from '../../../../shared/http/feed'
import type { NodeRow } from '../../../../shared/models/node-row'
import { eventually } from '../../../fixtures/eventually'
import { nodeInfo } from '../../../fixtures/orchestrator/played-node'

const facts = () => ({
  nodeId: 'n-own',
  version: '0.1.0',
  startedAt: 1,
  nats: { serverId: 'S', version: '2', address: '127.0.0.1:1', tls: false, tokenRequired: true, messagesPerSecond: 0, connections: 0 },
  refusals: [],
})

class Cluster {
  readonly registry = new Registry()
  readonly table = new NodeTable({
    registry: this.registry,
    sockets: new SocketTable(),
    own: requesterInfo({ nodeId: 'n-own', buildVersion: {}, platform: 'linux', arch: 'x64' }),
    startedAt: 1,
    disconnectTimeoutMs: () => 1000,
  })
  readonly feed: Feed

  constructor(kept = 8) {
    this.feed = new Feed({ table: this.table, facts, everyMs: 16, kept })
  }

  /** One change that the orchestrator could make. */
  change(step: { readonly id: string; readonly what: 'register' | 'beat' | 'delete'; readonly n: number }): void {
    if (step.what === 'register') this.registry.apply({ kind: 'node.registered', at: step.n, info: nodeInfo(step.id), membership: 'APPROVED' })
    if (step.what === 'beat') this.table.update(step.id, (live) => ({ ...live, orchestratorSequence: step.n }))
    if (step.what === 'delete') this.registry.apply({ kind: 'node.deleted', at: step.n, id: step.id })
    this.table.changed(step.id)
  }
}

/** Keeps its own list from what it reads, as the window does. */
class Reader {
  readonly rows = new Map<string, NodeRow>()
  lastId: string | undefined
  #counter: number | undefined
  snapshots = 0
  #end: () => void = () => undefined

  attach(feed: Feed): void {
    this.#end = feed.read(this.lastId, (event) => this.take(event))
  }

  detach(): void {
    this.#end()
  }

  take({ id, event, data }: SerialisedEvent): void {
    const read: FeedEvent = feedEventSchema.parse(JSON.parse(data))
    expect(event).toBe(read.kind)
    expect(id).toBe(`${read.revision.start}:${String(read.revision.counter)}`)
    if (read.kind === 'snapshot') this.snapshots += 1
    else expect(read.revision.counter).toBe((this.#counter ?? 0) + 1)
    this.#counter = read.revision.counter
    this.lastId = id
    if (read.kind === 'snapshot') this.rows.clear()
    if (read.kind === 'snapshot') for (const row of read.nodes) this.rows.set(row.state.Info.NodeID, row)
    if (read.kind === 'nodes') {
      for (const row of read.changed) this.rows.set(row.state.Info.NodeID, row)
      for (const gone of read.removed) this.rows.delete(gone)
    }
  }

  sorted(): NodeRow[] {
    return [...this.rows.values()].sort((a, b) => (a.state.Info.NodeID < b.state.Info.NodeID ? -1 : 1))
  }
}

const sorted = (rows: readonly NodeRow[]) => [...rows].sort((a, b) => (a.state.Info.NodeID < b.state.Info.NodeID ? -1 : 1))
const step = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'n-own'),
  what: fc.constantFrom('register' as const, 'beat' as const, 'delete' as const),
  n: fc.nat(1000),
})
const act = fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: fc.constantFrom('look' as const, 'leave' as const, 'facts' as const) })

describe('the feed', () => {
  it('gives every reader the same list, whenever it comes, goes and comes back; counters rise by one', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), fc.integer({ min: 1, max: 10 }), (acts, kept) => {
        const cluster = new Cluster(kept)
        const reader = new Reader()
        let attached = false
        for (const one of acts) {
          if (one === 'leave') {
            reader.detach()
            attached = false
          } else if (one === 'facts') cluster.feed.factsChanged()
          else if (one !== 'look') cluster.change(one)
          else {
            cluster.feed.snapshot()
            if (!attached) reader.attach(cluster.feed)
            attached = true
            expect(reader.sorted()).toEqual(sorted(JSON.parse(JSON.stringify(cluster.feed.snapshot().nodes)) as NodeRow[]))
          }
        }
        cluster.feed.stop()
      }),
      { numRuns: 200 },
    )
  })

  it('takes a reader up where it left off while that is still known, else gives it all', async () => {
    const cluster = new Cluster(4)
    const reader = new Reader()
    reader.attach(cluster.feed)
    reader.detach()
    cluster.change({ id: 'a', what: 'register', n: 1 })
    cluster.feed.snapshot()
    reader.attach(cluster.feed)
    expect([reader.snapshots, reader.rows.size]).toEqual([1, 2])
    reader.detach()
    for (let n = 0; n < 6; n += 1) {
      cluster.change({ id: 'a', what: 'beat', n: n + 1 })
      cluster.feed.snapshot()
    }
    reader.attach(cluster.feed)
    expect(reader.snapshots).toBe(2)
    reader.detach()
    // An id of another start of the orchestrator, or none at all, says nothing.
    for (const lastId of ['other:3', `${reader.lastId?.split(':')[0] ?? ''}:999`, 'garbage', '', ':']) {
      reader.lastId = lastId
      const before = reader.snapshots
      reader.attach(cluster.feed)
      reader.detach()
      expect([lastId, reader.snapshots]).toEqual([lastId, before + 1])
    }
    cluster.feed.stop()
    await Promise.resolve()
  })

  it('puts what happens at once into one event, and says so within a frame or two', async () => {
    const cluster = new Cluster(100)
    const events: FeedEvent[] = []
    cluster.feed.read(undefined, ({ data }) => events.push(JSON.parse(data) as FeedEvent))
    for (let n = 0; n < 1000; n += 1) cluster.change({ id: `node-${String(n % 50)}`, what: 'register', n })
    await eventually('the change arrives', () => events.length > 1)
    expect(events).toMatchObject([{ kind: 'snapshot' }, { kind: 'nodes', changed: { length: 50 } }])
    cluster.feed.stop()
  })
})
