import type { ReactNode } from 'react'
import styles from './empty.module.css'

interface EmptyProps {
  readonly sign?: ReactNode
  readonly title: ReactNode
  readonly reason?: ReactNode
  /** One primary act, two others at most. */
  readonly acts?: ReactNode
}

/** Where there is nothing to show: what, why, and what to do. Never shown for what failed or is not known. */
export function Empty({ sign, title, reason, acts }: EmptyProps) {
  return (
    <div className={styles.empty}>
      {sign !== undefined && <div className={styles.sign}>{sign}</div>}
      <h2 className={styles.title}>{title}</h2>
      {reason !== undefined && <p className={styles.reason}>{reason}</p>}
      {acts !== undefined && <div className={styles.acts}>{acts}</div>}
    </div>
  )
}
