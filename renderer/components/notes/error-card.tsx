import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Failure } from '../../../shared/errors'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { Button } from '../buttons/button'
import styles from './error-card.module.css'
import { reportOf } from './failure-report'
import { StatusMark } from '../signs/status-mark'

interface ErrorCardProps {
  /** In plain words, naming the thing. */
  readonly title: string
  readonly failure: Failure
  /** The one fix, and what else is possible. */
  readonly acts?: ReactNode
  /** When it is tried again by itself. */
  readonly again?: ReactNode
}

/** What failed and left nothing to show: what was seen, the likely cause, the next step. */
export function ErrorCard({ title, failure, acts, again }: ErrorCardProps) {
  return (
    <div className={styles.card} role="alert">
      <StatusMark kind="bad" />
      <div className={styles.words}>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.seen}>
          {failure.message} {failure.hint}
        </p>
        <div className={styles.acts}>
          {acts}
          <Button look="ghost" icon={Copy} onClick={() => void call('app.copyText', { text: reportOf(title, failure) })}>
            {t('act.copyReport')}
          </Button>
        </div>
        {again !== undefined && <p className={styles.again}>{again}</p>}
      </div>
    </div>
  )
}
