import { useEffect, useId, useRef, useState } from 'react'
import type { SharePreview } from '../../../shared/cluster'
import { toFailure, type Failure } from '../../../shared/errors'
import { Button } from '../../components/buttons/button'
import choice from '../../components/fields/choice.module.css'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import { Note } from '../../components/notes/note'
import { SecretField } from '../../components/fields/secret-field'
import { SecretInput } from '../../components/fields/secret-input'
import { TokenStrength } from '../../components/fields/token-strength'
import { useOpening } from '../../components/overlays/use-opening'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { useCluster } from '../../state/clusters-store'
import { tellIfLeft } from '../../state/window/toasts-store'
import { showActFailure, useUi } from '../../state/window/ui-store'
import { useGeneratedToken } from '../../state/use-generated-token'
import { useTokenEffect } from '../../state/use-token-effect'
import text from '../../theme/text.module.css'
import styles from './share-dialog.module.css'

/** Opens the cluster to other machines: which address, with which token, what is open then. */
export function ShareDialog({ clusterId, ...shell }: DialogShell & { readonly clusterId: string }) {
  const cluster = useCluster(clusterId)
  const first = useRef<HTMLButtonElement>(null)
  const [preview, setPreview] = useState<SharePreview>()
  const [failure, setFailure] = useState<Failure>()
  const [chosen, setChosen] = useState<string>()
  const [token, setToken, generate, generateFailure] = useGeneratedToken()
  const [effect] = useTokenEffect(clusterId, token)
  const [sharing, setSharing] = useState(false)
  useEffect(() => {
    call('share.preview', { clusterId }).then(setPreview, (error: unknown) => setFailure(toFailure(error)))
  }, [clusterId])
  const needsToken = preview !== undefined && !preview.hasToken
  useEffect(() => {
    if (needsToken) generate()
  }, [needsToken, generate])

  const current = preview?.current.shared === true ? preview.current.host : undefined
  const address = chosen ?? preview?.choices.find((one) => one.address === current)?.address ?? preview?.choices[0]?.address
  const tokenReady = !needsToken || (effect !== undefined && effect.strength.verdict !== 'empty')
  const share = async (): Promise<void> => {
    if (address === undefined || !tokenReady || sharing) return
    const from = useUi.getState().place
    setSharing(true)
    setFailure(undefined)
    try {
      await call('share.apply', { clusterId, address, ...(needsToken ? { token } : {}) })
      tellIfLeft(from, t('share.done', { cluster: cluster?.name ?? '', address }))
      shell.onClose()
    } catch (error) {
      // Closed meanwhile: the failure is told above the content instead.
      if (useUi.getState().dialog?.kind === 'share') setFailure(toFailure(error))
      else showActFailure(t('failure.share', { cluster: cluster?.name ?? '' }), toFailure(error))
    } finally {
      setSharing(false)
    }
  }
  const told = failure ?? generateFailure
  const opening = useOpening(failure !== undefined || (preview !== undefined && (preview.hasToken || effect !== undefined)))
  return (
    <Dialog
      {...shell}
      open={shell.open && opening}
      title={t('share.title', { cluster: cluster?.name ?? '' })}
      effect={t('share.effect')}
      width="medium"
      initialFocus={first}
      onSubmit={() => void share()}
      note={address !== undefined && address === current ? t('share.already', { address }) : t('share.restarts')}
      actions={
        <>
          <Button ref={first} onClick={shell.onClose}>
            {t('act.cancel')}
          </Button>
          <Button
            type="submit"
            look="primary"
            disabled={address === undefined || !tokenReady || address === current}
            busy={sharing ? t('share.busy') : undefined}
          >
            {t('share.button', { address: address ?? '…' })}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        {preview !== undefined && <Choices preview={preview} address={address} onChoose={setChosen} />}
        {preview?.hasToken === true && <KnownToken clusterId={clusterId} onFailure={(error) => setFailure(toFailure(error))} />}
        {needsToken && (
          <div className={styles.token}>
            <div className={styles.label}>
              {t('share.token')} <small>{t('share.tokenNeeded')}</small>
            </div>
            <SecretInput label={t('share.token')} value={token} onChange={setToken} onGenerate={generate} />
            <div className={styles.strength}>
              <TokenStrength effect={effect} />
            </div>
          </div>
        )}
        {preview !== undefined && <NowAndThen preview={preview} address={address} />}
        {told !== undefined && (
          <Note kind="bad">
            <b>{t(preview === undefined ? 'share.failed' : 'failure.share', { cluster: cluster?.name ?? '' })}</b> {told.message} {told.hint}
          </Note>
        )}
      </div>
    </Dialog>
  )
}

interface ChoicesProps {
  readonly preview: SharePreview
  readonly address: string | undefined
  readonly onChoose: (address: string) => void
}

function Choices({ preview, address, onChoose }: ChoicesProps) {
  const labelId = useId()
  return (
    <div className={styles.choices} role="radiogroup" aria-labelledby={labelId}>
      <div className={styles.label} id={labelId}>
        {t('share.listenOn')}
      </div>
      {preview.choices.length === 0 && <p className={text.c2}>{t('share.noNetwork')}</p>}
      {preview.choices.map((one) => (
        <label key={one.address} className={styles.choice}>
          <input type="radio" name="address" className={choice.radio} checked={one.address === address} onChange={() => onChoose(one.address)} />
          <span className={text.mono}>{one.address}</span>
          <span className={text.c2}>{one.label}</span>
        </label>
      ))}
    </div>
  )
}

function KnownToken({ clusterId, onFailure }: { readonly clusterId: string; readonly onFailure: (error: unknown) => void }) {
  return (
    <div className={styles.token}>
      <div className={styles.label}>
        {t('share.token')} <small>{t('share.tokenSet')}</small>
      </div>
      <SecretField
        label={t('share.token')}
        reveal={async () => (await call('access.reveal', { clusterId })).token}
        copy={() => call('access.copy', { clusterId, what: { kind: 'token' } })}
        onFailure={onFailure}
      />
    </div>
  )
}

function NowAndThen({ preview, address }: { readonly preview: SharePreview; readonly address: string | undefined }) {
  const { current, natsPort, apiPort } = preview
  return (
    <div className={styles.change}>
      <span className={styles.head} />
      <span className={styles.head}>{t('share.now')}</span>
      <span className={styles.head}>{t('share.then')}</span>
      <span>{t('share.nats', { port: natsPort })}</span>
      <span className={text.c2}>{current.shared ? t('share.withToken', { address: current.host }) : t('share.thisMachine')}</span>
      <span className={text.medium}>{address === undefined ? '–' : t('share.withToken', { address })}</span>
      <span>{t('share.api', { port: apiPort })}</span>
      <span className={text.c2}>{t('share.thisMachine')}</span>
      <span className={text.c2}>{t('share.thisMachine')}</span>
    </div>
  )
}
