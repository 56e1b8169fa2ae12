import { PlugZap } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { TokenEffect } from '../../../shared/cluster'
import { toFailure, type Failure } from '../../../shared/errors'
import { Button } from '../../components/buttons/button'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import { Icon } from '../../components/signs/icon'
import { Note } from '../../components/notes/note'
import { SecretInput } from '../../components/fields/secret-input'
import { TokenStrength } from '../../components/fields/token-strength'
import { useOpening } from '../../components/overlays/use-opening'
import surface from '../../components/surface.module.css'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { useTokenEffect } from '../../state/use-token-effect'
import { useGeneratedToken } from '../../state/use-generated-token'
import { tellIfLeft } from '../../state/window/toasts-store'
import { showActFailure, useUi } from '../../state/window/ui-store'
import styles from './access.module.css'

interface TokenDialogProps extends DialogShell {
  readonly clusterId: string
  /** There is a token already. */
  readonly changes: boolean
}

/** A new token for both roles at once: made here or typed, weighed, and its effects told before it is set. */
export function TokenDialog({ clusterId, changes, ...shell }: TokenDialogProps) {
  const input = useRef<HTMLInputElement>(null)
  const strengthId = useId()
  const [token, setToken, generate, generateFailure] = useGeneratedToken()
  const [effect, effectFailure] = useTokenEffect(clusterId, token)
  const [setting, setSetting] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  useEffect(generate, [generate])
  const set = async (): Promise<void> => {
    if (effect === undefined || setting || effect.strength.verdict === 'empty') return
    const from = useUi.getState().place
    setSetting(true)
    setFailure(undefined)
    try {
      await call('access.setToken', { clusterId, token })
      tellIfLeft(from, t('tokenDialog.done', { fingerprint: effect.fingerprint }))
      shell.onClose()
    } catch (error) {
      // Closed meanwhile: the failure is told above the content instead.
      if (useUi.getState().dialog?.kind === 'set-token') setFailure(toFailure(error))
      else showActFailure(t('failure.token'), toFailure(error))
    } finally {
      setSetting(false)
    }
  }
  const told = failure ?? generateFailure ?? effectFailure
  const opening = useOpening(effect !== undefined || generateFailure !== undefined || effectFailure !== undefined)
  return (
    <Dialog
      {...shell}
      open={shell.open && opening}
      title={t(changes ? 'tokenDialog.changeTitle' : 'tokenDialog.setTitle')}
      effect={t('tokenDialog.effect')}
      width="medium"
      initialFocus={input}
      onSubmit={() => void set()}
      actions={
        <>
          <Button onClick={shell.onClose}>{t('act.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={effect === undefined || effect.strength.verdict === 'empty'}
            busy={setting ? t('tokenDialog.busy') : undefined}
          >
            {effect === undefined || effect.strength.verdict === 'empty'
              ? t('tokenDialog.buttonPlain')
              : t('tokenDialog.button', { fingerprint: effect.fingerprint })}
          </Button>
        </>
      }
    >
      <div className={styles.label}>
        {t('tokenDialog.field')} <small>{t('tokenDialog.fieldHint')}</small>
      </div>
      <SecretInput inputRef={input} label={t('tokenDialog.field')} value={token} onChange={setToken} onGenerate={generate} describedBy={strengthId} />
      <div className={styles.below} id={strengthId}>
        <TokenStrength effect={effect} />
      </div>
      <Effects effect={effect} />
      {told !== undefined && (
        <div className={styles.effects}>
          <Note kind="bad">
            <b>{t('failure.token')}</b> {told.message} {told.hint}
          </Note>
        </div>
      )}
    </Dialog>
  )
}

function Effects({ effect }: { readonly effect: TokenEffect | undefined }) {
  if (effect === undefined || effect.effects.length === 0) return null
  return (
    <div className={styles.effects}>
      <div className={surface.sectionHead}>{t('tokenDialog.doesTitle')}</div>
      <ul>
        {effect.effects.map((line) => (
          <li key={line} className={styles.effect}>
            <Icon of={PlugZap} size={14} />
            {line}
          </li>
        ))}
      </ul>
    </div>
  )
}
