import { expect, test } from 'vitest'
import { createNodeMirror } from '../../../../electron/app/clusters/node-mirror'
import type { NodeRow } from '../../../../shared/models/node-row'

const row = (id: string, Connection = 'CONNECTED'): NodeRow => ({
  state: {
    Info: { NodeID: id, NodeType: 'Compute', ComputeNodeInfo: { RunningExecutions: 0, EnqueuedExecutions: 0, address: '' } },
    Membership: 'APPROVED',
    Connection,
    ConnectionState: { Status: Connection, LastHeartbeat: '', ConnectedSince: '', DisconnectedSince: '' },
  },
  socket: { kind: 'unknown' },
})
const at = (counter: number) => ({ feed: 'events', asOf: 1, revision: { start: 's', counter } }) as const

test('a window that comes later starts from what is known now', () => {
  const mirror = createNodeMirror('c')
  expect(mirror.snapshot()).toBeUndefined()
  mirror.take({ kind: 'snapshot', ...at(1), nodes: [row('a'), row('b')] })
  mirror.take({ kind: 'changes', ...at(2), changed: [row('b', 'DISCONNECTED'), row('c')], removed: ['a'] })
  const snapshot = mirror.snapshot()
  expect(snapshot).toMatchObject({ clusterId: 'c', revision: { counter: 2 } })
  expect(snapshot?.nodes.map(({ state }) => [state.Info.NodeID, state.Connection])).toEqual([
    ['b', 'DISCONNECTED'],
    ['c', 'CONNECTED'],
  ])
})

test('what the feed tells goes on to the window as it came; a sign of life changes nothing', () => {
  const mirror = createNodeMirror('c')
  expect(mirror.take({ kind: 'alive', feed: 'events', asOf: 1 })).toBeUndefined()
  expect(mirror.take({ kind: 'snapshot', ...at(1), nodes: [row('a')] })).toEqual({
    kind: 'snapshot',
    clusterId: 'c',
    revision: { start: 's', counter: 1 },
    nodes: [row('a')],
  })
  expect(mirror.take({ kind: 'changes', ...at(2), changed: [], removed: ['a'] })).toEqual({
    kind: 'changes',
    clusterId: 'c',
    revision: { start: 's', counter: 2 },
    changed: [],
    removed: ['a'],
  })
  expect(mirror.rows()).toEqual([])
})

test('a new snapshot replaces all that was known', () => {
  const mirror = createNodeMirror('c')
  mirror.take({ kind: 'snapshot', ...at(1), nodes: [row('a'), row('b')] })
  mirror.take({ kind: 'snapshot', ...at(9), nodes: [row('b')] })
  expect(mirror.rows().map(({ state }) => state.Info.NodeID)).toEqual(['b'])
})
