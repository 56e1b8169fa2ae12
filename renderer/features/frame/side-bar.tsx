import { House, KeyRound, PanelLeft, Server, SlidersHorizontal, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Cluster } from '../../../shared/cluster'
import { classNames } from '../../components/class-names'
import { Icon } from '../../components/signs/icon'
import { IconButton } from '../../components/buttons/icon-button'
import { StatusMark } from '../../components/signs/status-mark'
import { Tooltip } from '../../components/overlays/tooltip'
import { count } from '../../i18n/amount'
import { t } from '../../i18n/i18n'
import text from '../../theme/text.module.css'
import { useClusters } from '../../state/clusters-store'
import { useNodes } from '../../state/nodes/nodes-store'
import type { Place } from '../../state/window/place'
import { go, setFolded, useUi } from '../../state/window/ui-store'
import { AppearanceMenu } from './appearance-menu'
import { Brand } from './brand'
import { ClusterSwitcher } from './cluster-switcher'
import styles from './side-bar.module.css'

interface SideBarProps {
  /** Undefined at the start, where there is no cluster to look at. */
  readonly cluster: Cluster | undefined
  readonly folded: boolean
  readonly canUnfold: boolean
}

/** The screens of a cluster, and the way to other clusters. */
export function SideBar({ cluster, folded, canUnfold }: SideBarProps) {
  const someCluster = useClusters((state) => state.clusters !== undefined && state.clusters.length > 0)
  const starting = useClusters((state) => state.clusters?.length === 1 && state.clusters[0]?.phase.kind === 'starting')
  return (
    <aside className={classNames(styles.side, folded && styles.folded)} aria-label={t('frame.sideBar')} data-region tabIndex={-1}>
      <div className={styles.top}>
        <Brand size={18} className={styles.brand} />
        {!folded && <span className={styles.wordmark}>{t('app.name')}</span>}
        {!folded && (
          <IconButton size="small" iconSize={16} label={t('frame.fold')} shortcut="Ctrl B" icon={PanelLeft} onClick={() => setFolded(true)} />
        )}
      </div>
      {someCluster && !(cluster === undefined && starting) ? (
        <ClusterSwitcher cluster={cluster} folded={folded} />
      ) : (
        <div className={styles.noSwitcher} />
      )}
      {cluster === undefined ? (
        <nav className={styles.group} aria-label={t('nav.app')}>
          <NavItem icon={House} label={t('nav.start')} place={{ screen: 'start' }} folded={folded} current />
        </nav>
      ) : (
        <ClusterNav cluster={cluster} folded={folded} />
      )}
      <div className={classNames(styles.group, styles.foot)}>
        {folded && canUnfold && (
          <Tooltip text={t('frame.unfold')} shortcut="Ctrl B" side="right">
            <button type="button" className={styles.item} aria-label={t('frame.unfold')} onClick={() => setFolded(false)}>
              <Icon of={PanelLeft} />
            </button>
          </Tooltip>
        )}
        <AppearanceMenu folded={folded} />
      </div>
    </aside>
  )
}

function ClusterNav({ cluster, folded }: { readonly cluster: Cluster; readonly folded: boolean }) {
  const screen = useUi((state) => state.place?.screen)
  const fold = useNodes((state) => (state.fold?.clusterId === cluster.id && cluster.phase.kind === 'running' ? state.fold : undefined))
  const item = (name: 'nodes' | 'access' | 'config', icon: LucideIcon, badge?: ReactNode) => (
    <NavItem
      key={name}
      icon={icon}
      label={t(`nav.${name}`)}
      place={{ screen: name, clusterId: cluster.id }}
      folded={folded}
      current={screen === name}
      badge={badge}
    />
  )
  const pending = fold?.counts.pending ?? 0
  return (
    <>
      <nav className={styles.group} aria-label={t('nav.cluster')}>
        {item('nodes', Server, fold?.revision !== undefined && <NodeCounts all={fold.counts.all} pending={pending} />)}
      </nav>
      <nav className={styles.group} aria-label={t('nav.app')}>
        {item('access', KeyRound)}
        {item('config', SlidersHorizontal)}
      </nav>
    </>
  )
}

/** How many there are, in grey; coloured how many of them want a person. */
function NodeCounts({ all, pending }: { readonly all: number; readonly pending: number }) {
  return (
    <span className={styles.counts}>
      {pending > 0 && (
        <span className={classNames(styles.count, styles.wait)}>
          <StatusMark kind="wait" size={12} />
          {count(pending)}
        </span>
      )}
      <span className={styles.count}>{count(all)}</span>
    </span>
  )
}

interface NavItemProps {
  readonly icon: LucideIcon
  readonly label: string
  readonly place: Place
  readonly folded: boolean
  readonly current: boolean
  readonly badge?: ReactNode
}

function NavItem({ icon, label, place, folded, current, badge }: NavItemProps) {
  const button = (
    <button type="button" className={styles.item} aria-current={current ? 'page' : undefined} onClick={() => go(place)}>
      <Icon of={icon} />
      <span className={folded ? text.hidden : undefined}>{label}</span>
      {badge}
    </button>
  )
  return folded ? (
    <Tooltip text={label} side="right">
      {button}
    </Tooltip>
  ) : (
    button
  )
}
