import type { Access, Cluster } from '../../../shared/cluster'
import { toFailure } from '../../../shared/errors'
import { classNames } from '../../components/class-names'
import { CopyButton } from '../../components/buttons/copy-button'
import surface from '../../components/surface.module.css'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { showActFailure } from '../../state/window/ui-store'
import text from '../../theme/text.module.css'
import styles from './access.module.css'

const tell = (error: unknown): void => showActFailure(t('failure.copy'), toFailure(error))

/** Where other nodes find this cluster. */
export function Addresses({ access, cluster }: { readonly access: Access; readonly cluster: Cluster }) {
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionHead}>
        {t('access.addresses')} <small>{t('access.addressesLead', { cluster: cluster.name })}</small>
      </h2>
      <div className={classNames(surface.card, styles.table, styles.addresses)}>
        {access.addresses.length === 0 && <p className={styles.quiet}>{t('access.addressesNone')}</p>}
        {access.addresses.map(({ address, reachable, interfaceName }) => (
          <div key={address} className={styles.row}>
            <span className={classNames(text.mono, text.selectable)}>{address}</span>
            <span className={text.c2}>{interfaceName}</span>
            <span className={classNames(text.sm, text.c3)}>
              {t(reachable === 'network' ? 'access.reachableNetwork' : 'access.reachableThisMachine')}
            </span>
            <CopyButton label={t('access.copyAddress')} copy={() => call('app.copyText', { text: address })} onFailure={tell} />
          </div>
        ))}
      </div>
    </section>
  )
}

/** Exactly what to type on another machine, for Shoal and for Bacalhau. The token is filled in by main, and never shown. */
export function Commands({ access }: { readonly access: Access }) {
  if (access.commands.length === 0) {
    return (
      <section className={styles.section}>
        <h2 className={styles.sectionHead}>{t('access.commands')}</h2>
        <div className={classNames(surface.card, styles.table)}>
          <p className={styles.quiet}>{t('access.commandsHidden')}</p>
        </div>
      </section>
    )
  }
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionHead}>
        {t('access.commands')}{' '}
        <small>{t(access.addresses.some(({ reachable }) => reachable === 'network') ? 'access.commandsLead' : 'access.commandsHere')}</small>
      </h2>
      <div className={classNames(surface.card, styles.table)}>
        {access.commands.map(({ product, title, command }, index) => (
          <div key={`${product} ${title}`} className={styles.command}>
            <div className={styles.commandHead}>
              {title}
              <CopyButton
                label={t('access.copyCommand')}
                copy={() => call('access.copy', { clusterId: access.clusterId, what: { kind: 'command', index } })}
                onFailure={tell}
              />
            </div>
            <pre className={classNames(surface.codebox, surface.code, styles.commandText)}>{command}</pre>
          </div>
        ))}
      </div>
    </section>
  )
}
