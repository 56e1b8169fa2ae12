import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { classNames } from './class-names'
import styles from './segmented.module.css'
import { StatusMark, type MarkKind } from './status-mark'

export interface Segment<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly mark?: MarkKind
  readonly count?: string
}

interface SegmentedProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly segments: readonly Segment<Value>[]
  readonly onChange: (value: Value) => void
  /** Counts of old data: all grey. */
  readonly stale?: boolean
}

/** Two to six filters or views, one of which holds; arrow keys move among them. */
export function Segmented<Value extends string>({ label, value, segments, onChange, stale = false }: SegmentedProps<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      className={classNames(styles.segmented, stale && styles.stale)}
      value={[value]}
      onValueChange={([chosen]: readonly Value[]) => {
        // A second press on the one that holds changes nothing.
        if (chosen !== undefined) onChange(chosen)
      }}
    >
      {segments.map((segment) => (
        <Toggle key={segment.value} value={segment.value} className={styles.segment}>
          {segment.mark !== undefined && <StatusMark kind={segment.mark} size={10} plain={stale} />}
          <span className={styles.word}>{segment.label}</span>
          {segment.count !== undefined && <span className={styles.count}>{segment.count}</span>}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
