import { describe, expect, it } from 'vitest'
import type { LocalNode, NodesEvent } from '../../../../shared/cluster'
import { emptyFold, foldEvent, foldLocal, type NodeFold } from '../../../../renderer/state/nodes/node-fold'
import { nodeRow, tidepool, type NodeSketch } from '../../fixtures/node-rows'

const now = Date.parse('2026-11-24T12:00:00Z')
const snapshot = (sketches: readonly NodeSketch[], start = 's1'): NodesEvent => ({
  kind: 'snapshot',
  clusterId: 'c1',
  revision: { start, counter: 1 },
  nodes: sketches.map((sketch) => nodeRow(sketch, now)),
})
const changes = (changed: readonly NodeSketch[], removed: readonly string[] = [], start = 's1'): NodesEvent => ({
  kind: 'changes',
  clusterId: 'c1',
  revision: { start, counter: 2 },
  changed: changed.map((sketch) => nodeRow(sketch, now)),
  removed,
})
const local = (name: string, state: LocalNode['state']): LocalNode => ({ name, role: 'compute', state })
const stopped = { kind: 'stopped' } as const

function fold(...events: readonly NodesEvent[]): NodeFold {
  return events.reduce<NodeFold>((before, event) => {
    const next = foldEvent(before, event)
    if (next === undefined) throw new Error('a snapshot was needed')
    return next
  }, emptyFold('c1'))
}

describe('foldEvent', () => {
  it('counts the nodes of the design’s cluster as its filters show them', () => {
    expect(fold(snapshot(tidepool)).counts).toEqual({
      all: 12,
      connected: 9,
      unsure: 1,
      pending: 1,
      disconnected: 1,
      stopped: 0,
      compute: 11,
      running: 19,
      queued: 3,
      told: 10,
    })
  })

  it('keeps the counts in step with changed and removed rows', () => {
    const after = fold(snapshot(tidepool), changes([{ id: 'nuc-03' }, { id: 'nuc-01', socket: 'lost' }], ['pi5-attic', 'nobody']))
    expect(after.counts).toMatchObject({ all: 11, connected: 9, unsure: 1, disconnected: 0, compute: 10 })
    expect(after.entries.has('pi5-attic')).toBe(false)
  })

  it('tells a change of a row from one of who is in the list', () => {
    const before = fold(snapshot(tidepool))
    const changed = foldEvent(before, changes([{ id: 'nuc-01', cpu: [1, 8] }]))
    expect(changed).toMatchObject({ version: before.version + 1, membership: before.membership })
    const joined = foldEvent(before, changes([{ id: 'new' }]))
    expect(joined?.membership).toBe(before.membership + 1)
  })

  it('names the nodes that turned into another state, a few at most', () => {
    const after = fold(snapshot(tidepool), changes(['atlas', 'nuc-01', 'nuc-02', 'mac-studio', 'win-desk'].map((id) => ({ id, socket: 'lost' }))))
    expect(after.turned.map(({ id }) => id)).toEqual(['atlas', 'nuc-01', 'nuc-02'])
    expect(fold(snapshot(tidepool), changes([{ id: 'nuc-01', cpu: [1, 8] }])).turned).toEqual([])
  })

  it('asks for a snapshot when changes come from another start of the orchestrator, or before any snapshot', () => {
    expect(foldEvent(fold(snapshot(tidepool)), changes([], [], 's2'))).toBeUndefined()
    expect(foldEvent(emptyFold('c1'), changes([]))).toBeUndefined()
  })

  it('replaces all by a snapshot, keeping what did not change', () => {
    const before = fold(snapshot(tidepool))
    const status = before.entries.get('atlas')?.status
    const after = fold(
      snapshot(tidepool),
      snapshot(
        tidepool.filter(({ id }) => id !== 'nuc-01'),
        's2',
      ),
    )
    expect(after.entries.has('nuc-01')).toBe(false)
    expect(after.counts.all).toBe(11)
    expect(foldEvent(before, snapshot(tidepool, 's2'))?.entries.get('atlas')?.status).toBe(status)
  })

  it('sums up what nodes run, and follows each change of it', () => {
    const before = fold(snapshot(tidepool))
    expect(before.counts).toMatchObject({ running: 19, queued: 3, told: 10 })
    const after = foldEvent(before, changes([{ id: 'atlas', jobs: [6, 1] }, { id: 'nuc-01' }], ['nuc-02']))
    expect(after?.counts).toMatchObject({ running: 13, queued: 1, told: 8 })
  })

  it('keeps a node of this machine that the orchestrator does not know', () => {
    const withLocal = foldLocal(emptyFold('c1'), [local('ours', stopped)])
    const after = foldEvent(withLocal, snapshot([{ id: 'theirs' }]))
    expect([...(after?.entries.keys() ?? [])].sort()).toEqual(['ours', 'theirs'])
    expect(foldEvent(after ?? emptyFold('c1'), changes([], ['ours', 'theirs']))?.counts).toMatchObject({ all: 1, stopped: 1 })
  })
})

describe('foldLocal', () => {
  it('is the same fold while the processes say the same in other objects', () => {
    const first = foldLocal(emptyFold('c1'), [local('ours', stopped)])
    expect(foldLocal(first, [local('ours', { ...stopped })])).toBe(first)
  })

  it('puts process and row of a node into one entry', () => {
    const known = fold(snapshot([{ id: 'ours' }]))
    const after = foldLocal(known, [local('ours', { kind: 'stopping', since: now })])
    expect(after.entries.get('ours')).toMatchObject({ status: { word: 'stopping' }, row: { state: { Membership: 'APPROVED' } } })
    expect(after.counts).toMatchObject({ all: 1, connected: 0 })
  })

  it('forgets a removed process, but not its row', () => {
    const known = foldLocal(fold(snapshot([{ id: 'ours' }])), [local('ours', stopped), local('alone', stopped)])
    const after = foldLocal(known, [])
    expect([...after.entries.keys()]).toEqual(['ours'])
    expect(after.entries.get('ours')?.status.word).toBe('connected')
  })
})
