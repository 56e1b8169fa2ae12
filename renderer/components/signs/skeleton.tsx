import { useEffect, useState } from 'react'
import { exactSpan } from '../../i18n/duration'
import { useQuickNow } from '../../state/clock'
import { classNames } from '../class-names'
import styles from './skeleton.module.css'

const SHOWN_AFTER_MS = 200
const EXPLAINED_AFTER_MS = 1000
/** Widths in percent: uneven, as rows are. */
const rows = [
  [70, 60, 80, 40],
  [50, 60, 90, 50],
  [80, 40, 60, 60],
  [60, 70, 80, 30],
] as const

interface SkeletonRowsProps {
  /** What is awaited, told after a second: gets the time waited so far. */
  readonly awaited: (waited: string) => string
}

/** Rows to come, once they have let wait for 200 ms. Never over old data. */
export function SkeletonRows({ awaited }: SkeletonRowsProps) {
  const [since] = useState(() => Date.now())
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return shown ? <Rows since={since} awaited={awaited} /> : null
}

function Rows({ since, awaited }: SkeletonRowsProps & { readonly since: number }) {
  const waited = useQuickNow() - since
  return (
    <div role="status">
      {rows.map((widths, index) => (
        <div key={index} className={styles.row} aria-hidden="true">
          <span className={classNames(styles.bar, styles.sign)} />
          {widths.map((width, cell) => (
            <span key={cell} className={styles.bar} style={{ width: `${width}%` }} />
          ))}
        </div>
      ))}
      {waited >= EXPLAINED_AFTER_MS && <p className={styles.awaited}>{awaited(exactSpan(waited))}</p>}
    </div>
  )
}
