import { memo } from 'react'
import { classNames } from '../../../../components/class-names'
import { NodeSign } from '../../../../components/signs/node-sign'
import { isToldHere } from '../../../../state/nodes/node-entry'
import { useNodeEntry } from '../../../../state/nodes/nodes-store'
import type { ColumnId } from '../columns'
import { NodeCell } from './node-cells'
import styles from '../node-table.module.css'
import { RowActs } from './row-acts'

interface NodeRowProps {
  readonly id: string
  readonly domId: string
  /** Counted from 1, the head included. */
  readonly ariaIndex: number
  readonly top: number
  readonly columns: readonly ColumnId[]
  readonly selected: boolean
  /** The keyboard is on it. */
  readonly cursor: boolean
  readonly hovered: boolean
  readonly stale: boolean
  readonly compact: boolean
}

/** A row reads its own node, so that a change of one node draws one row. */
export const NodeRow = memo(function NodeRow({ id, domId, ariaIndex, top, columns, selected, cursor, hovered, stale, compact }: NodeRowProps) {
  const entry = useNodeEntry(id)
  if (entry === undefined) return null
  const old = stale && !isToldHere(entry)
  return (
    <div
      id={domId}
      role="row"
      aria-rowindex={ariaIndex}
      aria-selected={selected}
      data-node={id}
      className={classNames(styles.row, selected && styles.selected, cursor && styles.cursor, old && styles.stale)}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className={styles.sign}>
        <NodeSign status={entry.status} stale={old} size={compact ? 15 : 18} />
      </span>
      {columns.map((column) => (
        <NodeCell key={column} column={column} entry={entry} stale={old} />
      ))}
      {hovered && <RowActs entry={entry} />}
    </div>
  )
})
