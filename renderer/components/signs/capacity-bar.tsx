import type { Share } from '../../state/nodes/node-work'
import styles from './capacity-bar.module.css'
import { classNames } from '../class-names'

interface CapacityBarProps {
  readonly share: Share | 'unknown'
  /** Amber when nearly full: for disks only; a full CPU is a good CPU. */
  readonly warnsWhenFull?: boolean
  readonly stale?: boolean
}

const FULL = 0.9
const percent = (part: number, whole: number): string => `${Math.min(100, (part / whole) * 100).toFixed(1)}%`

/** Solid what is allocated, hatched what is asked for, a dashed outline for what is not known. The figure stands beside it. */
export function CapacityBar({ share, warnsWhenFull = false, stale = false }: CapacityBarProps) {
  if (share === 'unknown') return <span className={classNames(styles.bar, styles.unknown)} aria-hidden="true" />
  const full = warnsWhenFull && share.used / share.total > FULL
  return (
    <span className={classNames(styles.bar, full && styles.full, (stale || share.past) && styles.stale)} aria-hidden="true">
      <i className={styles.used} style={{ width: percent(share.used, share.total) }} />
      {share.asked > 0 && <i className={styles.asked} style={{ width: percent(share.asked, share.total) }} />}
    </span>
  )
}
