import { expect, test } from 'vitest'
import { createPendingEvents } from '../../../../electron/app/ipc/event-batch'
import type { NodesEvent } from '../../../../shared/cluster'

const snapshot = (clusterId: string, counter: number): NodesEvent => ({ kind: 'snapshot', clusterId, revision: { start: 's', counter }, nodes: [] })
const changes = (clusterId: string, counter: number): NodesEvent => ({
  kind: 'changes',
  clusterId,
  revision: { start: 's', counter },
  changed: [],
  removed: [],
})

test('keeps every change of nodes, in order, so that no revision is missing', () => {
  const pending = createPendingEvents()
  pending.add('nodes.changed', snapshot('a', 1))
  pending.add('nodes.changed', changes('a', 2))
  pending.add('nodes.changed', changes('a', 3))
  expect(pending.take().map(([, payload]) => (JSON.parse(payload) as NodesEvent).revision.counter)).toEqual([1, 2, 3])
  expect(pending.empty).toBe(true)
})

test('a snapshot replaces what was told of the same cluster, and of no other', () => {
  const pending = createPendingEvents()
  pending.add('nodes.changed', changes('a', 2))
  pending.add('nodes.changed', changes('b', 7))
  pending.add('nodes.changed', snapshot('a', 3))
  expect(pending.take()).toEqual([
    ['nodes.changed', JSON.stringify(changes('b', 7))],
    ['nodes.changed', JSON.stringify(snapshot('a', 3))],
  ])
})

test('of a topic that comes whole only the last value is sent; log lines add up', () => {
  const pending = createPendingEvents()
  const line = (text: string) => ({ clusterId: 'a', node: 'n', lines: [{ node: 'n', level: 'info' as const, text }] })
  pending.add('clusters.changed', [])
  pending.add('logs.appended', line('one'))
  pending.add('clusters.changed', [])
  pending.add('logs.appended', line('two'))
  expect(pending.take().map(([name]) => name)).toEqual(['logs.appended', 'clusters.changed', 'logs.appended'])
})
