import type { KeyboardEvent } from 'react'
import { classNames } from '../class-names'
import styles from './segmented.module.css'
import { StatusMark, type MarkKind } from '../signs/status-mark'

/** `count`: shown behind the label, as written. */
export interface Segment<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly mark?: MarkKind
  readonly count?: string
  /** Nothing is in it: its mark stands back, so that no colour speaks of what is not there. */
  readonly none?: boolean
}

interface SegmentedProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly segments: readonly Segment<Value>[]
  readonly onChange: (value: Value) => void
  /** Counts of old data: all grey. */
  readonly stale?: boolean
}

const steps: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** Two to six filters or views, one of which holds: one stop for the keyboard, arrow keys move among them. */
export function Segmented<Value extends string>({ label, value, segments, onChange, stale = false }: SegmentedProps<Value>) {
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = segments.findIndex((segment) => segment.value === value)
    const next = segments[(at + step + segments.length) % segments.length]
    if (next === undefined) return
    onChange(next.value)
    event.currentTarget.querySelectorAll('button')[segments.indexOf(next)]?.focus()
  }
  return (
    <div role="group" aria-label={label} className={classNames(styles.segmented, stale && styles.stale)} onKeyDown={move}>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          className={styles.segment}
          aria-pressed={segment.value === value}
          tabIndex={segment.value === value ? 0 : -1}
          onClick={() => onChange(segment.value)}
        >
          {segment.mark !== undefined && (
            <StatusMark kind={segment.mark} size={10} plain={stale || segment.none === true} className={segment.none ? styles.none : undefined} />
          )}
          <span className={styles.word}>{segment.label}</span>
          {segment.count !== undefined && <span className={styles.count}>{segment.count}</span>}
        </button>
      ))}
    </div>
  )
}
