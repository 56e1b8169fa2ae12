import { Eye, EyeOff, RefreshCw } from 'lucide-react'
import { useEffect, useState, type Ref } from 'react'
import { t } from '../../i18n/i18n'
import { IconButton } from '../buttons/icon-button'
import styles from './secret.module.css'

const SHOWN_MS = 30_000

interface SecretInputProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Left out where somebody else has made it. */
  readonly onGenerate?: () => void
  readonly inputRef?: Ref<HTMLInputElement>
  readonly describedBy?: string
}

/** A secret to be given: made by the app, pasted or typed. Hidden unless looked at. */
export function SecretInput({ label, value, onChange, onGenerate, inputRef, describedBy }: SecretInputProps) {
  const [visible, setVisible] = useState(false)
  useEffect(() => {
    if (!visible) return
    const timer = setTimeout(() => setVisible(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [visible])
  return (
    <div className={styles.secret}>
      <input
        ref={inputRef}
        type={visible ? 'text' : 'password'}
        aria-label={label}
        aria-describedby={describedBy}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
      <IconButton
        size="small"
        label={visible ? t('secret.hide') : t('secret.reveal')}
        icon={visible ? EyeOff : Eye}
        onClick={() => setVisible(!visible)}
      />
      {onGenerate !== undefined && <IconButton size="small" label={t('secret.generate')} icon={RefreshCw} onClick={onGenerate} />}
    </div>
  )
}
