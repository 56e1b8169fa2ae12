import type { ReactNode } from 'react'
import { classNames } from '../class-names'
import styles from './note.module.css'
import { StatusMark } from '../signs/status-mark'

interface NoteProps {
  readonly kind: 'warn' | 'bad' | 'wait'
  readonly children: ReactNode
  /** Its one button, and one quiet one at most. */
  readonly actions?: ReactNode
  /** Over the full width of the content, only for "not live". */
  readonly banner?: boolean
  /** In the size of rows rather than of hints. */
  readonly large?: boolean
}

/** Something to know, in the flow, never a pop-up. Failures are read out at once. */
export function Note({ kind, children, actions, banner = false, large = false }: NoteProps) {
  return (
    <div className={classNames(styles.note, styles[kind], banner && styles.banner, large && styles.large)} role={kind === 'bad' ? 'alert' : 'status'}>
      <StatusMark kind={kind} />
      <div className={styles.words}>{children}</div>
      {actions}
    </div>
  )
}
