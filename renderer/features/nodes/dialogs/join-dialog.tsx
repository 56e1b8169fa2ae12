import { useEffect, useRef, useState } from 'react'
import type { JoiningView } from '../../../../shared/cluster'
import { toFailure, type Failure } from '../../../../shared/errors'
import { Button } from '../../../components/buttons/button'
import { Dialog } from '../../../components/overlays/dialog'
import type { DialogShell } from '../../../components/overlays/dialog-shell'
import { Field } from '../../../components/fields/field'
import { Note } from '../../../components/notes/note'
import { SecretInput } from '../../../components/fields/secret-input'
import { useOpening } from '../../../components/overlays/use-opening'
import { t } from '../../../i18n/i18n'
import { call } from '../../../ipc'
import { useCluster } from '../../../state/clusters-store'
import { showActFailure, useUi } from '../../../state/window/ui-store'
import styles from './dialogs.module.css'

const MAX_COUNT = 64
const MAX_ADDRESSES = 4096

/** Nodes of this machine for an orchestrator that runs elsewhere: where it is, its token, and a first node that tries both. */
export function JoinDialog({ clusterId, ...shell }: DialogShell & { readonly clusterId: string }) {
  const cluster = useCluster(clusterId)
  const name = cluster?.name ?? ''
  const field = useRef<HTMLInputElement>(null)
  const [joining, unknown] = useJoining(clusterId)
  const [typed, setTyped] = useState<string>()
  const [token, setToken] = useState('')
  const [howMany, setHowMany] = useState('1')
  const [trying, setTrying] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const addresses = typed ?? joining?.addresses.join(', ') ?? ''
  const count = /^\d+$/.test(howMany.trim()) && Number(howMany) >= 1 && Number(howMany) <= MAX_COUNT ? Number(howMany) : undefined
  const join = async (): Promise<void> => {
    if (count === undefined || trying || addresses.trim() === '') return
    setTrying(true)
    setFailure(undefined)
    try {
      await call('nodes.join', { clusterId, count, addresses, ...(token === '' ? {} : { token }) })
      if (useUi.getState().dialog?.kind === 'join-nodes') shell.onClose()
    } catch (error) {
      // Closed meanwhile: the failure is told above the content instead.
      if (useUi.getState().dialog?.kind === 'join-nodes') setFailure(toFailure(error))
      else showActFailure(t('failure.nodeAdd'), toFailure(error))
    } finally {
      setTrying(false)
    }
  }
  const told = failure ?? unknown
  const opening = useOpening(joining !== undefined || unknown !== undefined)
  return (
    <Dialog
      {...shell}
      open={shell.open && opening}
      title={t('joinDialog.title', { cluster: name })}
      effect={t('joinDialog.effect', { cluster: name })}
      width="medium"
      initialFocus={field}
      onSubmit={() => void join()}
      note={t('joinDialog.kept')}
      actions={
        <>
          <Button onClick={shell.onClose}>{t('act.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={count === undefined || addresses.trim() === ''}
            busy={trying ? t('joinDialog.busy') : undefined}
          >
            {t('dialog.addButton', { count: count ?? 0 })}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <span>{t('joinDialog.addresses')}</span>
        <div className={styles.stack}>
          <Field
            ref={field}
            label={t('joinDialog.addresses')}
            placeholder={t('joinDialog.addressExample')}
            value={addresses}
            maxLength={MAX_ADDRESSES}
            onChange={(event) => setTyped(event.target.value)}
          />
          <p className={styles.hint}>
            {joining === undefined ? t('joinDialog.asking') : t(`joinDialog.source.${joining.source}`, { cluster: name })}
          </p>
        </div>
        <span>{t('joinDialog.token')}</span>
        <div>
          <SecretInput label={t('joinDialog.token')} value={token} onChange={setToken} />
          <p className={styles.hint}>{tokenHint(joining)}</p>
        </div>
        <span>{t('dialog.addCount')}</span>
        <Field
          className={styles.count}
          label={t('dialog.addCount')}
          inputMode="numeric"
          value={howMany}
          fault={count === undefined ? t('dialog.addCountFault') : undefined}
          onChange={(event) => setHowMany(event.target.value)}
        />
      </div>
      <div role="status">
        {joining?.outOfReach === true && told === undefined && (
          <div className={styles.fault}>
            <Note kind="warn">{t('joinDialog.outOfReach', { cluster: name })}</Note>
          </div>
        )}
        {told !== undefined && (
          <div className={styles.fault}>
            <Note kind="bad">
              {told.message} {told.code === 'nats.refused' ? t('joinDialog.refusedHint', { cluster: name }) : told.hint}
            </Note>
          </div>
        )}
      </div>
    </Dialog>
  )
}

function tokenHint(joining: JoiningView | undefined): string {
  if (joining === undefined) return t('joinDialog.asking')
  if (joining.tokenKnown) return t('joinDialog.tokenKept')
  if (joining.tokenNeeded === undefined) return t('joinDialog.tokenMaybe')
  return t(joining.tokenNeeded ? 'joinDialog.tokenNeeded' : 'joinDialog.tokenNotNeeded')
}

function useJoining(clusterId: string): readonly [JoiningView | undefined, Failure | undefined] {
  const [joining, setJoining] = useState<JoiningView>()
  const [failure, setFailure] = useState<Failure>()
  useEffect(() => {
    let current = true
    call('nodes.joining', { clusterId }).then(
      (told) => current && setJoining(told),
      (error: unknown) => current && setFailure(toFailure(error)),
    )
    return () => {
      current = false
    }
  }, [clusterId])
  return [joining, failure]
}
