import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { t } from '../../i18n/i18n'
import { IconButton } from './icon-button'

const TICK_SHOWN_MS = 2000

interface CopyButtonProps {
  readonly label: string
  readonly copy: () => Promise<unknown>
  readonly onFailure: (error: unknown) => void
}

/** Copies; turns into a tick when it is done. */
export function CopyButton({ label, copy, onFailure }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), TICK_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      size="small"
      label={copied ? t('secret.copied') : label}
      icon={copied ? Check : Copy}
      onClick={() => void copy().then(() => setCopied(true), onFailure)}
    />
  )
}
