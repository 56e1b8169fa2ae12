import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useLayoutEffect, useMemo, useRef, useState, type PointerEvent, type RefCallback } from 'react'
import { flushSync } from 'react-dom'
import { classNames } from '../../../components/class-names'
import { t } from '../../../i18n/i18n'
import { selectNode, setInspectorOpen, useUi } from '../../../state/window/ui-store'
import { useClusterView } from '../cluster-context'
import { columnIds, fitColumns, tracksOf, type ColumnId } from './columns'
import { GroupHead, MoreRow } from './rows/group-rows'
import { isColumnWanted, setSort, showWholeGroup, toggleGroup, useListView } from './list/list-view-store'
import { NodeContextMenu } from './rows/node-context-menu'
import { NodeHead } from './node-head'
import { NodeRow } from './rows/node-row'
import styles from './node-table.module.css'
import type { ListItem } from './list/order-nodes'
import { rowHeights } from './rows/row-heights'
import { ScrollMap } from './scroll-map/scroll-map'
import { useListKeys } from './list/use-list-keys'
import type { NodeList } from './list/list-follower'

const OVERSCAN = 8
const MAP_ABOVE = 500

interface NodeTableProps {
  readonly list: NodeList
  readonly hold: (held: boolean) => void
}

/** The list of nodes: as many rows in the page as are seen, at fixed places, so that 10,000 scroll as 10 do. */
export function NodeTable({ list, hold }: NodeTableProps) {
  const { items } = list
  const { clusterName, stale } = useClusterView()
  const scroller = useRef<HTMLDivElement>(null)
  const density = useUi((state) => state.density)
  const selectedNode = useUi((state) => state.selectedNode)
  const sort = useListView((state) => state.sort)
  const groupBy = useListView((state) => state.groupBy)
  const [columns, measured] = useFittingColumns()
  const attach = useCallback(
    (list: HTMLDivElement | null) => {
      scroller.current = list
      return measured(list)
    },
    [measured],
  )
  const [hovered, setHovered] = useState<string>()
  const heights = rowHeights(density)
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.kind === 'group' ? heights.head : heights.row),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: OVERSCAN,
    paddingStart: heights.head,
    scrollPaddingStart: heights.head,
  })
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, density, items])

  const press = (item: ListItem): void => {
    if (item.kind === 'group') toggleGroup(item.name)
    else if (item.kind === 'more') showWholeGroup(item.name)
  }
  const { cursor, setCursor, onKeyDown } = useListKeys({
    items,
    press,
    reveal: (index) => virtualizer.scrollToIndex(index),
    pageRows: () => pageRows(scroller.current, heights.row),
  })
  const cursorIndex = items.findIndex(({ key }) => key === cursor)
  const seen = virtualizer.getVirtualItems()
  const mapped = list.shown > MAP_ABOVE

  return (
    <div className={styles.wrap}>
      <NodeContextMenu>
        <div
          ref={attach}
          role={groupBy === undefined ? 'grid' : 'treegrid'}
          data-region-start
          tabIndex={0}
          aria-label={t('nodes.list', { cluster: clusterName })}
          aria-rowcount={items.length + 1}
          aria-activedescendant={seen.some(({ index }) => index === cursorIndex) ? rowId(cursorIndex) : undefined}
          className={classNames(styles.grid, mapped && styles.mapped)}
          style={{ '--tracks': tracksOf(columns) } as Record<string, string>}
          onKeyDown={onKeyDown}
          onFocus={() => hold(true)}
          onBlur={() => hold(false)}
          onPointerEnter={() => hold(true)}
          onPointerLeave={() => {
            setHovered(undefined)
            hold(document.activeElement === scroller.current)
          }}
          onPointerOver={(event) => setHovered(nodeUnder(event))}
          onClick={(event) => {
            const id = nodeUnder(event)
            if (id === undefined) return
            setCursor(`node:${id}`)
            selectNode(id)
            setInspectorOpen(true)
          }}
        >
          <div role="rowgroup" className={styles.space} style={{ height: virtualizer.getTotalSize() }}>
            <NodeHead columns={columns} sort={sort} onSort={setSort} stale={stale} />
            {seen.map(({ index, start }) => {
              const item = items[index]
              if (item === undefined) return null
              const shared = { domId: rowId(index), ariaIndex: index + 2, top: start }
              const atCursor = item.key === cursor
              if (item.kind === 'group')
                return <GroupHead key={item.key} {...shared} item={item} groupBy={groupBy ?? ''} selected={atCursor} onPress={() => press(item)} />
              if (item.kind === 'more') return <MoreRow key={item.key} {...shared} item={item} selected={atCursor} onPress={() => press(item)} />
              const { id } = item.entry
              return (
                <NodeRow
                  key={item.key}
                  {...shared}
                  id={id}
                  columns={columns}
                  selected={selectedNode === id}
                  cursor={atCursor}
                  hovered={hovered === id}
                  stale={stale}
                  compact={density === 'compact'}
                />
              )
            })}
          </div>
        </div>
      </NodeContextMenu>
      {mapped && <ScrollMap items={items} seen={(virtualizer.scrollRect?.height ?? 0) / virtualizer.getTotalSize()} scroller={scroller} />}
    </div>
  )
}

function rowId(index: number): string {
  return `nodes-row-${index}`
}

function nodeUnder(event: PointerEvent | React.MouseEvent): string | undefined {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('[data-node]')?.dataset['node'] : undefined
}

function pageRows(scroller: HTMLElement | null, rowHeight: number): number {
  return Math.max(1, Math.floor((scroller?.clientHeight ?? rowHeight) / rowHeight) - 2)
}

/** The wanted columns for which the list is wide enough, the same array while nothing changes; and the ref by which the list is measured. */
function useFittingColumns(): readonly [columns: readonly ColumnId[], measured: RefCallback<HTMLDivElement>] {
  const chosen = useListView((state) => state.columns)
  const [width, setWidth] = useState(0)
  const measured = useCallback((list: HTMLDivElement | null) => {
    if (list === null) return
    setWidth(list.clientWidth)
    // Before the frame is painted that brings another width, so that nobody sees the columns of the former one in it.
    const observer = new ResizeObserver(([entry]) => flushSync(() => setWidth(entry?.contentRect.width ?? 0)))
    observer.observe(list)
    return () => observer.disconnect()
  }, [])
  const columns = useMemo(
    () =>
      fitColumns(
        columnIds.filter((id) => isColumnWanted(chosen, id)),
        width,
      ),
    [chosen, width],
  )
  return [columns, measured]
}
