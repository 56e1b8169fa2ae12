import { describe, expect, it } from 'vitest'
import { groupKeys } from '../../../../../../renderer/features/nodes/table/list/group-keys'
import { keepOrder, listItems, selectNodes, sortNodes, type ListItem } from '../../../../../../renderer/features/nodes/table/list/order-nodes'
import { nodeEntry, type NodeEntry } from '../../../../../../renderer/state/nodes/node-entry'
import { nodeRow, tidepool, type NodeSketch } from '../../../../fixtures/node-rows'

const now = Date.parse('2026-11-24T12:00:00Z')
const entry = (sketch: NodeSketch): NodeEntry => nodeEntry(sketch.id, nodeRow(sketch, now), undefined, undefined)
const pool = tidepool.map(entry)
const ids = (entries: readonly NodeEntry[]): string[] => entries.map(({ id }) => id)
const keys = (items: readonly ListItem[]): string[] => items.map(({ key }) => key)

describe('sortNodes', () => {
  it('sorts by name as people count', () => {
    const some = ['n-10', 'n-2', 'N-1'].map((id) => entry({ id }))
    expect(ids(sortNodes(some, { column: 'name', descending: false }))).toEqual(['N-1', 'n-2', 'n-10'])
  })

  it('begins with the worst state, equal ones by name', () => {
    expect(ids(sortNodes(pool, { column: 'state', descending: true })).slice(0, 4)).toEqual(['pi5-attic', 'nuc-03', 'n-7c1e04b9', 'atlas'])
  })

  it('puts what has no value last in both directions', () => {
    for (const descending of [true, false]) {
      const sorted = ids(sortNodes(pool, { column: 'rtt', descending }))
      expect(sorted.slice(-3).sort()).toEqual(['framework-13', 'nuc-03', 'pi5-attic'])
    }
    expect(ids(sortNodes(pool, { column: 'rtt', descending: true }))[0]).toBe('pi5-garage')
  })

  it('sorts by the part in use, not by size', () => {
    expect(ids(sortNodes(pool, { column: 'cpu', descending: true })).slice(0, 2)).toEqual(['nuc-02', 'atlas'])
  })

  it('sorts by jobs, the waiting ones too', () => {
    const sorted = ids(sortNodes(pool, { column: 'jobs', descending: true }))
    expect(sorted.slice(0, 3)).toEqual(['atlas', 'nuc-02', 'nuc-01'])
    expect(sorted.slice(-2).sort()).toEqual(['framework-13', 'pi5-attic'])
  })
})

describe('selectNodes', () => {
  const found = (filter: string, segment: Parameters<typeof selectNodes>[1]['segment'] = 'all') => ids(selectNodes(pool, { segment, filter })).sort()

  it('looks at name, address, version, engines and labels', () => {
    expect(found('NUC')).toEqual(['nuc-01', 'nuc-02', 'nuc-03'])
    expect(found('192.168.1.40')).toEqual(['atlas'])
    expect(found('site=garage')).toEqual(['pi5-garage'])
    expect(found('shoal 1.0.0')).toContain('mac-studio')
    expect(found('zebra')).toEqual([])
  })

  it('finds nodes by what they have to do, where that is told', () => {
    expect(found('queued')).toEqual(['atlas', 'nuc-02'])
    expect(found('idle')).toEqual(['n-7c1e04b9', 'win-desk'])
    expect(found('busy !nuc !framework')).toEqual(['atlas', 'mac-studio', 'pi5-garage'])
  })

  it('wants all words, and none of those with a mark before them', () => {
    expect(found('site=rack !nuc')).toEqual(['atlas'])
    expect(found('!')).toHaveLength(12)
  })

  it('keeps to the chosen state', () => {
    expect(found('', 'unsure')).toEqual(['nuc-03'])
    expect(found('nuc', 'connected')).toEqual(['nuc-01', 'nuc-02'])
  })
})

describe('keepOrder', () => {
  it('leaves every row where it is, and puts who is new behind', () => {
    const before = ['c', 'a', 'b'].map((id) => entry({ id }))
    const after = ['b', 'd', 'a', 'e'].map((id) => entry({ id }))
    expect(ids(keepOrder(before, after, { column: 'name', descending: false }))).toEqual(['a', 'b', 'd', 'e'])
    expect(keepOrder(before, after, { column: 'name', descending: false })[0]).toBe(after[2])
  })
})

describe('listItems', () => {
  const view = { groupBy: 'site', foldedGroups: [], wholeGroups: [] }
  const ordered = sortNodes(pool, { column: 'state', descending: true })

  it('is one line a node where nothing is grouped', () => {
    expect(keys(listItems(ordered, { ...view, groupBy: undefined }))).toHaveLength(12)
  })

  it('puts the groups with the worst first, those without the label under one head', () => {
    const groups = listItems(ordered, view).filter((item) => item.kind === 'group')
    expect(groups.map(({ name, summary }) => [name, summary.all])).toEqual([
      ['attic', 1],
      ['rack', 4],
      ['', 2],
      ['desk', 4],
      ['garage', 1],
    ])
    expect(groups[2]?.value).toBeUndefined()
  })

  it('hides the quiet rest of a large group until it is asked for', () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      entry({ id: `n-${index}`, labels: { site: 'oslo' }, ...(index === 7 ? { socket: 'lost' as const } : {}) }),
    )
    const items = listItems(sortNodes(many, { column: 'state', descending: true }), view)
    expect(keys(items)).toEqual(['group:oslo', 'node:n-7', 'node:n-0', 'node:n-1', 'node:n-2', 'more:oslo'])
    expect(items.at(-1)).toMatchObject({ count: 16 })
    expect(listItems(many, { ...view, wholeGroups: ['oslo'] })).toHaveLength(21)
  })

  it('folds a group to its head', () => {
    expect(keys(listItems(ordered, { ...view, foldedGroups: ['rack', 'desk', '', 'garage'] }))).toEqual([
      'group:attic',
      'node:pi5-attic',
      'group:rack',
      'group:',
      'group:desk',
      'group:garage',
    ])
  })
})

describe('groupKeys', () => {
  it('offers labels that part the nodes, not those that all share or that name each', () => {
    expect(groupKeys(pool)).toEqual(['site'])
  })
})
