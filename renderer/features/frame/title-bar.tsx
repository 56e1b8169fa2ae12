import { ArrowLeft } from 'lucide-react'
import type { Cluster } from '../../../shared/cluster'
import { IconButton } from '../../components/buttons/icon-button'
import { StatusMark } from '../../components/signs/status-mark'
import { freshSpan, span } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import { moment } from '../../i18n/moment'
import { useNow } from '../../state/clock'
import { asOf } from '../../state/cluster-status'
import { back, useUi } from '../../state/window/ui-store'
import styles from './title-bar.module.css'

interface TitleBarProps {
  readonly cluster: Cluster | undefined
  readonly beginning: boolean
}

/** The area that drags the window; the page's title is its only heading. */
export function TitleBar({ cluster, beginning }: TitleBarProps) {
  const place = useUi((state) => state.place)
  const canGoBack = useUi((state) => state.history.length > 0)
  const screen = beginning ? 'start' : (place?.screen ?? 'start')
  return (
    <header className={styles.bar}>
      <IconButton size="small" iconSize={16} label={t('act.back')} shortcut="Alt ←" icon={ArrowLeft} disabled={!canGoBack} onClick={back} />
      <h1 className={styles.title}>{place !== undefined && t(`nav.${screen}`)}</h1>
      {cluster !== undefined && screen === 'nodes' && cluster.phase.kind === 'running' && <AsOfMark cluster={cluster} />}
    </header>
  )
}

function AsOfMark({ cluster }: { readonly cluster: Cluster }) {
  const now = useNow()
  const age = asOf(cluster, now)
  switch (age.kind) {
    case 'nothing':
      return null
    case 'asking':
      return <span className={styles.asOf}>{t('asOf.asking')}</span>
    case 'live':
      return (
        <span className={styles.asOf}>
          <StatusMark kind="ok" size={9} />
          {t('asOf.live')}
        </span>
      )
    case 'aged':
      return (
        <span className={styles.asOf}>
          <StatusMark kind={age.old ? 'warn' : 'ok'} size={9} plain={!age.old} />
          <span className={age.old ? styles.old : undefined}>{t('asOf.aged', { age: age.old ? span(age.ageMs) : freshSpan(age.ageMs) })}</span>
        </span>
      )
    case 'stale':
      return (
        <span className={styles.asOf}>
          <StatusMark kind="unknown" size={10} />
          <span className={styles.old}>{t('asOf.stale', { time: moment(age.at, now) })}</span>
        </span>
      )
  }
}
