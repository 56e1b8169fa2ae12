import { describe, expect, it } from 'vitest'
import { scrollMapMarks } from '../../../../../../renderer/features/nodes/table/scroll-map/scroll-map-marks'
import { listItems, sortNodes } from '../../../../../../renderer/features/nodes/table/list/order-nodes'
import { nodeEntry } from '../../../../../../renderer/state/nodes/node-entry'
import { nodeRow, type NodeSketch } from '../../../../fixtures/node-rows'

const items = (sketches: readonly NodeSketch[]) =>
  listItems(
    sortNodes(
      sketches.map((sketch) => nodeEntry(sketch.id, nodeRow(sketch, 0), undefined, undefined)),
      { column: 'name', descending: false },
    ),
    { groupBy: undefined, foldedGroups: [], wholeGroups: [] },
  )

describe('scrollMapMarks', () => {
  it('marks where rows want attention, the worst of each place', () => {
    const sketches = Array.from({ length: 1000 }, (_, index): NodeSketch => ({
      id: `n-${index}`,
      ...(index === 0 ? { membership: 'PENDING' as const } : {}),
      ...(index === 1 ? { socket: 'lost' as const } : {}),
      ...(index === 500 ? { connection: 'DISCONNECTED' as const } : {}),
    }))
    expect(scrollMapMarks(items(sketches), 100)).toEqual([
      { at: 0, tone: 'warn' },
      { at: 0.5, tone: 'bad' },
    ])
  })

  it('is empty where all is well, and where there is nothing', () => {
    expect(scrollMapMarks(items([{ id: 'a' }]), 100)).toEqual([])
    expect(scrollMapMarks([], 100)).toEqual([])
  })
})
