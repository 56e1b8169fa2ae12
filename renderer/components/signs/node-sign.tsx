import type { ReactNode } from 'react'
import { nodeWords, type Core, type NodeStatus, type Ring } from '../../state/nodes/node-status'
import { classNames } from '../class-names'
import styles from './node-sign.module.css'
import { StatusMark } from './status-mark'

const cores: { readonly [Kind in Core]: ReactNode } = {
  up: <circle cx="9" cy="9" r="3.4" className={styles.up} />,
  lost: <path d="M6.9 6.9l4.2 4.2M11.1 6.9l-4.2 4.2" strokeWidth="1.9" strokeLinecap="round" className={styles.lost} />,
  back: <path d="M9 5.6v3.4l2.2 1.5" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" className={styles.back} />,
  none: <circle cx="9" cy="9" r="2.6" strokeWidth="1.4" className={styles.none} />,
  unknown: <circle cx="9" cy="9" r="2.8" strokeWidth="1.4" strokeDasharray="1.5 1.43" className={styles.unknown} />,
}
const rings: { readonly [Kind in Ring]: ReactNode } = {
  connected: <circle cx="9" cy="9" r="7" strokeWidth="1.6" className={styles.connected} />,
  disconnected: <circle cx="9" cy="9" r="7" strokeWidth="1.6" strokeDasharray="7.4 3.6" strokeDashoffset="2" className={styles.disconnected} />,
  pending: <circle cx="9" cy="9" r="7" strokeWidth="1.6" strokeDasharray="2.2 2.2" className={styles.pending} />,
  rejected: <path d="M6.1 2h5.8L16 6.1v5.8L11.9 16H6.1L2 11.9V6.1z" strokeWidth="1.5" className={styles.rejected} />,
  unknown: <circle cx="9" cy="9" r="7" strokeWidth="1.4" strokeDasharray="1.6 2.6" className={styles.unknown} />,
}

interface NodeSignProps {
  readonly status: NodeStatus
  readonly size?: number
  /** Old data: the orchestrator's opinion is not known any more, and all of it is grey. */
  readonly stale?: boolean
}

/** Two truths in one sign: the core is the socket as NATS sees it, the ring is the orchestrator's opinion. */
export function NodeSign({ status, size = 18, stale = false }: NodeSignProps) {
  if (status.plain && !stale) return <StatusMark kind={nodeWords[status.word].kind} size={size - 2} />
  const core = stale && status.core === 'up' ? 'none' : status.core
  const ring = stale && status.ring === 'connected' ? 'unknown' : status.ring
  return (
    <svg className={classNames(styles.sign, stale && styles.stale)} width={size} height={size} viewBox="0 0 18 18" aria-hidden="true">
      {rings[ring]}
      {cores[core]}
    </svg>
  )
}
