import type { ReactNode } from 'react'
import type { StatusKind } from '../../state/nodes/node-status'
import { classNames } from '../class-names'
import styles from './status-mark.module.css'

/** The seven kinds of state, and two of steps: done, and not begun. */
export type MarkKind = StatusKind | 'done' | 'todo'

const round = { strokeLinecap: 'round', strokeLinejoin: 'round' } as const
/** One shape per kind: the shape alone tells the state, the colour is the second signal. */
const shapes: { readonly [Kind in MarkKind]: ReactNode } = {
  ok: <circle cx="7" cy="7" r="4.5" fill="currentColor" />,
  busy: (
    <>
      <circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.8" strokeOpacity=".28" />
      <path d="M7 2.4a4.6 4.6 0 0 1 4.6 4.6" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  wait: (
    <path
      d="M3.4 1.8h7.2M3.4 12.2h7.2M4.3 1.8v1.9c0 1.6 2.7 2.3 2.7 3.3s-2.7 1.7-2.7 3.3v1.9M9.7 1.8v1.9c0 1.6-2.7 2.3-2.7 3.3s2.7 1.7 2.7 3.3v1.9"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      {...round}
    />
  ),
  warn: <path d="M7 1.9 13 12.2H1z" fill="currentColor" stroke="currentColor" strokeWidth="1.2" strokeLinejoin="round" />,
  bad: <path d="M4.5 1.2h5l3.3 3.3v5l-3.3 3.3h-5L1.2 9.5v-5z" fill="currentColor" />,
  off: <rect x="3" y="3" width="8" height="8" rx="1.2" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  unknown: <circle cx="7" cy="7" r="4.7" fill="none" stroke="currentColor" strokeWidth="1.7" strokeDasharray="2 2.2" />,
  done: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="m4.4 7.1 1.8 1.8 3.4-3.7" fill="none" stroke="var(--bg)" strokeWidth="1.6" {...round} />
    </>
  ),
  todo: <circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.4" strokeOpacity=".6" />,
}

interface StatusMarkProps {
  readonly kind: MarkKind
  readonly size?: number
  /** Drawn in the colour of the text around it. */
  readonly plain?: boolean
  readonly className?: string | undefined
}

/** The sign of a state; hidden from screen readers, so its word must stand beside it. `plain`: in the colour of the text. */
export function StatusMark({ kind, size = 14, plain = false, className }: StatusMarkProps) {
  return (
    <svg
      className={classNames(plain ? styles.plain : styles[kind], kind === 'busy' && styles.turning, className)}
      width={size}
      height={size}
      viewBox="0 0 14 14"
      aria-hidden="true"
    >
      {shapes[kind]}
    </svg>
  )
}
