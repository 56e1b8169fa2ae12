import { columnVisibilityFeature, rowSortingFeature, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useMemo } from 'react'
import { classNames } from '../../../components/class-names'
import { Icon } from '../../../components/signs/icon'
import { t } from '../../../i18n/i18n'
import text from '../../../theme/text.module.css'
import type { NodeEntry } from '../../../state/nodes/node-entry'
import { columnIds, nodeColumns, type ColumnId } from './columns'
import styles from './node-head.module.css'
import type { Sort } from './list/order-nodes'

const features = tableFeatures({ rowSortingFeature, columnVisibilityFeature })
/** The table knows columns and sorting; rows are ordered and drawn apart from it, because it would make 10,000 of them anew with each change. */
const noRows: NodeEntry[] = []
const definitions: ColumnDef<typeof features, NodeEntry>[] = columnIds.map((id) => ({
  id,
  accessorFn: nodeColumns[id].sortValue,
  sortDescFirst: nodeColumns[id].firstDescending,
}))

interface NodeHeadProps {
  readonly columns: readonly ColumnId[]
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  readonly stale: boolean
}

/** Heads of the columns that there is room for; a click sorts by one, another turns it round. `stale`: what is shown is old. */
export function NodeHead({ columns, sort, onSort, stale }: NodeHeadProps) {
  const sorting = useMemo(() => [{ id: sort.column, desc: sort.descending }], [sort])
  const columnVisibility = useMemo(() => Object.fromEntries(columnIds.map((id) => [id, columns.includes(id)])), [columns])
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    state: { sorting, columnVisibility },
    onSortingChange: (change) => {
      const chosen = (typeof change === 'function' ? change(sorting) : change)[0]
      const column = columnIds.find((id) => id === chosen?.id)
      if (column !== undefined && chosen !== undefined) onSort({ column, descending: chosen.desc })
    },
  })
  return (
    <div role="row" aria-rowindex={1} className={classNames(styles.head, stale && styles.stale)}>
      <span role="columnheader">
        <span className={text.hidden}>{t('column.sign')}</span>
      </span>
      {table.getHeaderGroups()[0]?.headers.map(({ column }) => {
        const id = column.id as ColumnId
        const sorted = column.getIsSorted()
        return (
          <span
            key={id}
            role="columnheader"
            className={classNames(styles.cell, nodeColumns[id].align === 'end' && styles.end)}
            aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
          >
            <button
              type="button"
              tabIndex={-1}
              className={classNames(styles.button, sorted !== false && styles.sorted)}
              onClick={column.getToggleSortingHandler()}
            >
              {t(id === 'state' && stale ? 'column.stateThen' : `column.${id}`)}
              {sorted !== false && <Icon of={sorted === 'asc' ? ChevronUp : ChevronDown} size={12} />}
            </button>
          </span>
        )
      })}
    </div>
  )
}
