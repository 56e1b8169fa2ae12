import { FileText, KeyRound, RefreshCw } from 'lucide-react'
import type { Access } from '../../../shared/cluster'
import { STRONG_BITS } from '../../../shared/token'
import { Button } from '../../components/buttons/button'
import { classNames } from '../../components/class-names'
import { Icon } from '../../components/signs/icon'
import { SecretField } from '../../components/fields/secret-field'
import secret from '../../components/fields/secret.module.css'
import { StatusMark } from '../../components/signs/status-mark'
import surface from '../../components/surface.module.css'
import { Fingerprint } from '../../components/signs/tag'
import { t } from '../../i18n/i18n'
import { shortPath } from '../../i18n/short-path'
import { useFacts } from '../../state/facts-store'
import { dayTime } from '../../i18n/moment'
import { toFailure } from '../../../shared/errors'
import { call } from '../../ipc'
import { openDialog, showActFailure } from '../../state/window/ui-store'
import text from '../../theme/text.module.css'
import styles from './access.module.css'

/** The one token that all nodes of the cluster share. */
export function TokenCard({ access }: { readonly access: Access }) {
  const { token, clusterId, usedBy } = access
  const homeDir = useFacts(({ facts }) => facts?.homeDir)
  const reachable = access.addresses.find(({ reachable: where }) => where === 'network')
  return (
    <section className={classNames(surface.card, styles.token)} aria-label={t('access.token')}>
      <div>
        <h2 className={styles.heading}>
          <Icon of={KeyRound} size={15} />
          {t('access.token')}
          {token.set && <Fingerprint of={token.fingerprint} />}
          {token.set && token.changedAt !== undefined && <small>{t('access.made', { time: dayTime(token.changedAt) })}</small>}
        </h2>
        <p className={styles.lead}>
          {token.set ? (
            <>
              {t('access.lead')} <span className={text.mono}>Orchestrator.Auth.Token</span>.
            </>
          ) : (
            t('access.noToken')
          )}
        </p>
        {token.set ? <TokenRow clusterId={clusterId} /> : <SetToken clusterId={clusterId} />}
        {token.set && (
          <div className={classNames(secret.facts, styles.facts)}>
            <span className={secret.fact}>
              <StatusMark kind={token.bits >= STRONG_BITS ? 'done' : 'warn'} size={12} />
              {t(token.generated ? 'secret.bitsGenerated' : 'secret.bits', { bits: token.bits })}
            </span>
            <span className={secret.fact} title={access.configPath}>
              <Icon of={FileText} size={13} />
              {t('access.source', { source: shortPath(token.source, homeDir) })}
            </span>
          </div>
        )}
      </div>
      <dl className={styles.side}>
        <SideRow name={t('access.onThisMachine')} value={t('access.usedByCount', { count: usedBy.local })} />
        <SideRow name={t('access.onOthers')} value={t('access.usedByCount', { count: usedBy.remote })} />
        <SideRow
          name={t('access.reachable')}
          value={reachable?.address.replace(/^[a-z]+:\/\//, '') ?? t('access.reachableThisMachine')}
          mono={reachable !== undefined}
        />
      </dl>
    </section>
  )
}

function SideRow({ name, value, mono = false }: { readonly name: string; readonly value: string; readonly mono?: boolean }) {
  return (
    <div className={styles.sideRow}>
      <dt>{name}</dt>
      <dd className={mono ? text.mono : undefined}>{value}</dd>
    </div>
  )
}

function TokenRow({ clusterId }: { readonly clusterId: string }) {
  return (
    <div className={styles.secretRow}>
      <SecretField
        label={t('access.token')}
        reveal={async () => (await call('access.reveal', { clusterId })).token}
        copy={() => call('access.copy', { clusterId, what: { kind: 'token' } })}
        onFailure={(error) => showActFailure(t('failure.tokenRead'), toFailure(error))}
      />
      <Button size="large" icon={RefreshCw} onClick={() => openDialog({ kind: 'set-token', clusterId, changes: true })}>
        {t('access.change')}
      </Button>
    </div>
  )
}

function SetToken({ clusterId }: { readonly clusterId: string }) {
  return (
    <Button look="primary" size="large" icon={KeyRound} onClick={() => openDialog({ kind: 'set-token', clusterId, changes: false })}>
      {t('access.generateAndSet')}
    </Button>
  )
}
