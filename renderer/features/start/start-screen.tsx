import { Play, Plug } from 'lucide-react'
import { useId, useState, type SubmitEvent } from 'react'
import type { Preflight, PreflightCheck } from '../../../shared/cluster'
import { toFailure, type Failure } from '../../../shared/errors'
import { Button } from '../../components/buttons/button'
import { classNames } from '../../components/class-names'
import { Field } from '../../components/fields/field'
import { Icon } from '../../components/signs/icon'
import { Note } from '../../components/notes/note'
import { StatusMark, type MarkKind } from '../../components/signs/status-mark'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { useClusters } from '../../state/clusters-store'
import { startCluster } from '../../state/start-cluster'
import { go, openDialog } from '../../state/window/ui-store'
import styles from './start.module.css'
import { usePreflight } from './use-preflight'

const MAX_NAME = 64
const MAX_URL = 2048
const USUAL_PORT = 4222

/** No cluster yet, or another one wanted: start one here, or attach to one elsewhere. */
export function StartScreen() {
  const first = useClusters((state) => state.clusters?.length === 0)
  return (
    <div className={styles.page}>
      <div className={styles.grid}>
        <header className={styles.head}>
          <h2 className={styles.title}>{t(first ? 'start.title' : 'start.titleMore')}</h2>
          <p className={styles.lead}>{t('start.lead')}</p>
        </header>
        <div>
          <StartCard />
          <p className={styles.promise}>{t('start.promise')}</p>
        </div>
        <AttachCard />
      </div>
    </div>
  )
}

function StartCard() {
  const titleId = useId()
  const [typed, setTyped] = useState<string>()
  const preflight = usePreflight(typed)
  const [starting, setStarting] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const known = preflight.kind === 'known' ? preflight.preflight : preflight.kind === 'looking' ? preflight.last : undefined
  const name = (typed ?? known?.suggestedName ?? '').trim()
  const start = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (name === '' || starting) return
    setStarting(true)
    setFailure(undefined)
    try {
      const { clusterId } = await call('clusters.create', { name })
      go({ screen: 'nodes', clusterId })
      void startCluster(clusterId)
    } catch (error) {
      setFailure(toFailure(error))
    } finally {
      setStarting(false)
    }
  }
  return (
    <form className={styles.card} aria-labelledby={titleId} onSubmit={(event) => void start(event)} noValidate>
      <h3 className={styles.cardTitle} id={titleId}>
        {t('start.cardTitle')}
      </h3>
      <p className={styles.cardLead}>{t('start.cardLead')}</p>
      <div className={styles.checks}>
        {preflight.kind === 'failed' ? (
          <Note kind="bad">
            <b>{t('start.preflightFailed')}</b> {preflight.failure.message} {preflight.failure.hint}
          </Note>
        ) : (
          <Checks preflight={known} />
        )}
      </div>
      {failure !== undefined && (
        <div className={styles.fault}>
          <Note kind="bad">
            <b>{t('failure.clusterCreate')}</b> {failure.message} {failure.hint}
          </Note>
        </div>
      )}
      <div className={styles.acts}>
        <Field
          soft
          size="large"
          className={styles.name}
          label={t('start.name')}
          labelPlace="inside"
          value={typed ?? known?.suggestedName ?? ''}
          maxLength={MAX_NAME}
          fault={typed !== undefined && name === '' ? t('start.nameMissing') : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" look="primary" size="large" icon={Play} disabled={name === ''} busy={starting ? t('act.startBusy') : undefined}>
          {known === undefined || known.natsPort === USUAL_PORT ? t('start.button') : t('start.buttonOnPort', { port: known.natsPort })}
        </Button>
      </div>
    </form>
  )
}

const marks: { readonly [Status in PreflightCheck['status']]: MarkKind } = { good: 'done', warn: 'warn', bad: 'bad' }

function Checks({ preflight }: { readonly preflight: Preflight | undefined }) {
  return (
    <ul>
      {preflight?.checks.map((check) => (
        <li key={check.id} className={classNames(styles.check, check.status !== 'good' && styles.loud)}>
          <StatusMark kind={marks[check.status]} />
          <span className={styles.checkWords} title={check.detail}>
            <span className={styles.checkLabel}>{check.label}</span> {check.detail}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** An orchestrator elsewhere. `inert` while a cluster starts. */
export function AttachCard({ inert = false }: { readonly inert?: boolean }) {
  const titleId = useId()
  const [url, setUrl] = useState('')
  const test = (event: SubmitEvent): void => {
    event.preventDefault()
    if (url.trim() !== '') openDialog({ kind: 'attach', url: url.trim(), testAtOnce: true })
  }
  return (
    <form className={styles.aside} aria-labelledby={titleId} inert={inert} onSubmit={test} noValidate>
      <h3 className={styles.asideTitle} id={titleId}>
        <Icon of={Plug} />
        {t('start.attachTitle')}
      </h3>
      <p className={styles.asideLead}>{t('start.attachLead')}</p>
      <div className={styles.address}>
        <Field
          label={t('start.address')}
          placeholder={t('start.addressExample')}
          value={url}
          maxLength={MAX_URL}
          onChange={(event) => setUrl(event.target.value)}
        />
        <Button type="submit" disabled={url.trim() === ''}>
          {t('start.test')}
        </Button>
      </div>
    </form>
  )
}
