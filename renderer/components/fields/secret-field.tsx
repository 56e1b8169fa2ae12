import { Check, Copy, Eye, EyeOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { remaining } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import { useNow } from '../../state/clock'
import { classNames } from '../class-names'
import { IconButton } from '../buttons/icon-button'
import styles from './secret.module.css'

const SHOWN_MS = 30_000
/** Always as many, so that the length is no hint. */
const DOTS = '•'.repeat(32)

interface SecretFieldProps {
  readonly label: string
  /** Fetches the secret when it is to be seen; it is forgotten when hidden. */
  readonly reveal: () => Promise<string>
  /** Copies it where the page does not see it; tells when the clipboard is cleared. */
  readonly copy: () => Promise<{ readonly clearedAfterMs: number }>
  readonly onFailure: (error: unknown) => void
}

/** A secret that stands fast: dots, reveal for 30 s, copy with a clipboard that is cleared. */
export function SecretField({ label, reveal, copy, onFailure }: SecretFieldProps) {
  const [shown, setShown] = useState<{ readonly value: string; readonly until: number }>()
  const [copiedUntil, setCopiedUntil] = useState<number>()
  const now = useNow()
  const visible = shown !== undefined && shown.until > now ? shown : undefined
  const copied = copiedUntil !== undefined && copiedUntil > now
  useEffect(() => {
    if (shown === undefined) return
    const timer = setTimeout(() => setShown(undefined), Math.max(0, shown.until - Date.now()))
    return () => clearTimeout(timer)
  }, [shown])

  const toggle = (): void => {
    if (visible !== undefined) setShown(undefined)
    else reveal().then((value) => setShown({ value, until: Date.now() + SHOWN_MS }), onFailure)
  }
  const take = (): void => {
    copy().then(({ clearedAfterMs }) => setCopiedUntil(Date.now() + clearedAfterMs), onFailure)
  }
  return (
    <div className={styles.secret} role="group" aria-label={label}>
      <span className={classNames(styles.value, visible === undefined && styles.dots)} data-testid="secret-value">
        {visible?.value ?? DOTS}
      </span>
      {visible !== undefined && <span className={styles.countdown}>{t('secret.hidesIn', { time: remaining(visible.until - now) })}</span>}
      {copied && <span className={styles.countdown}>{t('secret.clearedIn', { time: remaining(copiedUntil - now) })}</span>}
      <IconButton
        size="small"
        label={visible === undefined ? t('secret.reveal') : t('secret.hide')}
        icon={visible === undefined ? Eye : EyeOff}
        onClick={toggle}
      />
      <IconButton size="small" label={copied ? t('secret.copied') : t('secret.copy')} icon={copied ? Check : Copy} onClick={take} />
    </div>
  )
}
