import { describe, expect, it } from 'vitest'
import { ListFollower } from '../../../../../../renderer/features/nodes/table/list/list-follower'
import type { ListView } from '../../../../../../renderer/features/nodes/table/list/order-nodes'
import { emptyFold, foldEvent, type NodeFold } from '../../../../../../renderer/state/nodes/node-fold'
import { manyNodes, nodeRow, type NodeSketch } from '../../../../fixtures/node-rows'

const at = Date.parse('2026-11-24T12:00:00Z')
const byName: ListView = {
  segment: 'all',
  filter: '',
  sort: { column: 'name', descending: false },
  groupBy: undefined,
  foldedGroups: [],
  wholeGroups: [],
}
const byState: ListView = { ...byName, sort: { column: 'state', descending: true } }

/** Time that passes only when told to. */
function handClock() {
  let now = 0
  let pending: { readonly act: () => void; readonly due: number } | undefined
  return {
    now: () => now,
    schedule: (act: () => void, afterMs: number) => {
      pending = { act, due: now + afterMs }
      return () => {
        pending = undefined
      }
    },
    pass: (ms: number) => {
      now += ms
      if (pending !== undefined && pending.due <= now) {
        const { act } = pending
        pending = undefined
        act()
      }
    },
  }
}

function snapshot(sketches: readonly NodeSketch[]): NodeFold {
  const fold = foldEvent(emptyFold('c1'), {
    kind: 'snapshot',
    clusterId: 'c1',
    revision: { start: 's', counter: 1 },
    nodes: sketches.map((sketch) => nodeRow(sketch, at)),
  })
  if (fold === undefined) throw new Error('no fold')
  return fold
}
function change(fold: NodeFold, changed: readonly NodeSketch[], removed: readonly string[] = []): NodeFold {
  const next = foldEvent(fold, {
    kind: 'changes',
    clusterId: 'c1',
    revision: { start: 's', counter: 2 },
    changed: changed.map((sketch) => nodeRow(sketch, at)),
    removed,
  })
  if (next === undefined) throw new Error('no fold')
  return next
}
const names = (follower: ListFollower): string[] => follower.list().items.map(({ key }) => key.replace('node:', ''))

describe('ListFollower', () => {
  const three: readonly NodeSketch[] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]

  it('shows who comes and goes within a tenth of a second', () => {
    const clock = handClock()
    const follower = new ListFollower(byName, clock)
    follower.setFold(snapshot(three))
    expect(names(follower)).toEqual(['a', 'b', 'c'])
    const joined = change(snapshot(three), [{ id: 'aa' }], ['c'])
    follower.setFold({ ...joined, membership: joined.membership + 1 })
    clock.pass(100)
    expect(names(follower)).toEqual(['a', 'aa', 'b'])
  })

  it('does not order anew when a change cannot move a row', () => {
    const clock = handClock()
    const follower = new ListFollower(byName, clock)
    let told = 0
    follower.setFold(snapshot(three))
    follower.subscribe(() => (told += 1))
    const fold = snapshot(three)
    follower.setFold(change(fold, [{ id: 'b', socket: 'lost' }]))
    clock.pass(5000)
    expect(told).toBe(0)
  })

  it('moves the worst up when the list is sorted by state, but not under a pointer', () => {
    const clock = handClock()
    const follower = new ListFollower(byState, clock)
    const first = snapshot(three)
    follower.setFold(first)
    clock.pass(1000)
    follower.hold(true)
    const lost = change(first, [{ id: 'c', socket: 'lost' }])
    follower.setFold(lost)
    clock.pass(100)
    expect(names(follower)).toEqual(['a', 'b', 'c'])
    clock.pass(1000)
    follower.hold(false)
    expect(names(follower)).toEqual(['c', 'a', 'b'])
  })

  it('lets nodes in and out of a filtered list when what they do changes', () => {
    const clock = handClock()
    const follower = new ListFollower({ ...byName, filter: 'busy' }, clock)
    const first = snapshot([
      { id: 'a', jobs: [1] },
      { id: 'b', jobs: [0] },
    ])
    follower.setFold(first)
    expect(names(follower)).toEqual(['a'])
    follower.setFold(change(first, [{ id: 'b', jobs: [2] }]))
    clock.pass(100)
    expect(names(follower)).toEqual(['a', 'b'])
  })

  it('orders at once when the view changes, even under a pointer', () => {
    const clock = handClock()
    const follower = new ListFollower(byName, clock)
    follower.setFold(snapshot([{ id: 'a' }, { id: 'b', socket: 'lost' }]))
    follower.hold(true)
    follower.setView(byState)
    expect(names(follower)).toEqual(['b', 'a'])
    follower.setView({ ...byState, filter: 'name=a' })
    expect(names(follower)).toEqual(['a'])
    expect(follower.list().shown).toBe(1)
  })

  it('renews a list of thousands once a second at most', () => {
    const clock = handClock()
    const follower = new ListFollower(byState, clock)
    let told = 0
    let fold = snapshot(manyNodes(2000))
    follower.setFold(fold)
    follower.subscribe(() => (told += 1))
    for (let frame = 0; frame < 120; frame += 1) {
      fold = change(fold, [{ id: 'oslo-0001', socket: frame % 2 === 0 ? 'lost' : 'up' }])
      follower.setFold({ ...fold, membership: 1 })
      clock.pass(16)
    }
    expect(told).toBeGreaterThanOrEqual(1)
    expect(told).toBeLessThanOrEqual(2)
  })
})
