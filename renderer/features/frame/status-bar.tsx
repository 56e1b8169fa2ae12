import { Activity, ArrowRightLeft, ListChecks, PanelBottom } from 'lucide-react'
import type { Cluster } from '../../../shared/cluster'
import { classNames } from '../../components/class-names'
import { Icon } from '../../components/signs/icon'
import { StatusMark } from '../../components/signs/status-mark'
import { Tooltip } from '../../components/overlays/tooltip'
import { count } from '../../i18n/amount'
import { remaining, span } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import { useNow } from '../../state/clock'
import { clusterWord, clusterWords } from '../../state/cluster-status'
import { toggleDock, useDock } from '../../state/window/dock-store'
import { useClusters } from '../../state/clusters-store'
import { useFacts } from '../../state/facts-store'
import { useNodes } from '../../state/nodes/nodes-store'
import { clusterColour } from '../../theme/cluster-colour'
import text from '../../theme/text.module.css'
import styles from './status-bar.module.css'

interface StatusBarProps {
  readonly cluster: Cluster | undefined
  readonly dockAvailable: boolean
}

/** The line below everything: cluster, bus and work. */
export function StatusBar({ cluster, dockAvailable }: StatusBarProps) {
  const version = useFacts((state) => state.facts?.version)
  const open = useDock((state) => state.open)
  return (
    <footer className={styles.status} aria-label={t('frame.statusBar')}>
      {cluster === undefined ? <NoCluster /> : <ClusterStatus cluster={cluster} />}
      <span className={styles.spring} />
      {dockAvailable && (
        <Tooltip text={t('frame.logs')} shortcut="Ctrl J" side="top">
          <button type="button" className={classNames(styles.fact, styles.button)} aria-pressed={open} onClick={toggleDock}>
            <Icon of={PanelBottom} size={12} />
            {t('frame.logs')}
          </button>
        </Tooltip>
      )}
      {version !== undefined && <span>{t('app.version', { version })}</span>}
    </footer>
  )
}

/** Where no cluster is looked at: what runs all the same. */
function NoCluster() {
  const clusters = useClusters((state) => state.clusters) ?? []
  const running = clusters.map(clusterWord).filter((word) => word === 'running' || word === 'degraded').length
  return (
    <span className={styles.first}>
      <StatusMark kind={running === 0 ? 'off' : 'ok'} size={11} />
      {clusters.length === 0 ? t('frame.noCluster') : t('frame.clustersRunning', { count: running })}
    </span>
  )
}

function ClusterStatus({ cluster }: { readonly cluster: Cluster }) {
  const phase = cluster.phase
  if (phase.kind === 'starting') {
    const done = phase.steps.filter((step) => step.status === 'done').length
    return (
      <span className={styles.first}>
        <StatusMark kind="busy" size={11} />
        {t('frame.starting', { cluster: cluster.name, step: Math.min(done + 1, phase.steps.length), steps: phase.steps.length })}
      </span>
    )
  }
  const word = clusterWord(cluster)
  return (
    <>
      <span className={styles.cluster}>
        <i style={{ background: clusterColour(cluster.colour) }} />
        <span className={text.ellipsis} title={cluster.name}>
          {cluster.name}
        </span>
      </span>
      <span>
        <StatusMark kind={clusterWords[word]} size={11} />
        {t(`status.cluster.${word}`)}
      </span>
      {word === 'noAnswer' ? <NotLive cluster={cluster} /> : phase.kind === 'running' && <BusFacts clusterId={cluster.id} />}
    </>
  )
}

function NotLive({ cluster }: { readonly cluster: Cluster }) {
  const now = useNow()
  const link = cluster.link
  if (link.kind !== 'stale' && link.kind !== 'unreachable') return null
  const next = remaining(link.nextTryAt - now)
  return (
    <span className={styles.warn}>
      <StatusMark kind="warn" size={11} />
      {link.kind === 'stale' ? t('frame.notLive', { age: span(now - link.asOf), next }) : t('frame.noAnswerYet', { next })}
    </span>
  )
}

function BusFacts({ clusterId }: { readonly clusterId: string }) {
  const nats = useNodes((state) => (state.fold?.clusterId === clusterId ? state.fold.orchestrator?.nats : undefined))
  if (nats === undefined) return null
  return (
    <>
      {nats.rttMs !== undefined && (
        <Tooltip text={t('frame.natsRttTip')} side="top">
          <span className={classNames(styles.fact, styles.figure)}>
            <Icon of={Activity} size={12} />
            {t('frame.natsRtt', { rtt: nats.rttMs.toFixed(1) })}
          </span>
        </Tooltip>
      )}
      <Tooltip text={t('frame.messagesTip')} side="top">
        <span className={classNames(styles.fact, styles.figure)}>
          <Icon of={ArrowRightLeft} size={12} />
          {t('frame.messages', { rate: count(nats.messagesPerSecond) })}
        </span>
      </Tooltip>
      <WorkFacts clusterId={clusterId} />
    </>
  )
}

/** What all nodes run; nothing where that is known of none. */
function WorkFacts({ clusterId }: { readonly clusterId: string }) {
  const told = useNodes(({ fold }) => fold?.clusterId === clusterId && fold.counts.told > 0)
  const running = useNodes(({ fold }) => fold?.counts.running ?? 0)
  const queued = useNodes(({ fold }) => fold?.counts.queued ?? 0)
  if (!told) return null
  return (
    <Tooltip text={t('frame.workTip')} side="top">
      <span className={styles.fact}>
        <Icon of={ListChecks} size={12} />
        {queued === 0 ? t('frame.work', { running: count(running) }) : t('frame.workQueued', { running: count(running), queued: count(queued) })}
      </span>
    </Tooltip>
  )
}
