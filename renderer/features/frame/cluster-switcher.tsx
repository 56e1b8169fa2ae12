import { ChevronsUpDown, FolderOpen, Pencil, Play, Plug, Plus, Square, Trash2 } from 'lucide-react'
import type { Cluster } from '../../../shared/cluster'
import { classNames } from '../../components/class-names'
import { Icon } from '../../components/signs/icon'
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../../components/overlays/menu'
import { StatusMark } from '../../components/signs/status-mark'
import { count } from '../../i18n/amount'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt } from '../../state/window/attempt'
import { clusterPlace, clusterWord, clusterWords } from '../../state/cluster-status'
import { useClusters } from '../../state/clusters-store'
import { useNodes } from '../../state/nodes/nodes-store'
import { startPlace } from '../../state/window/place'
import { startCluster } from '../../state/start-cluster'
import { go, openDialog } from '../../state/window/ui-store'
import { clusterColour } from '../../theme/cluster-colour'
import text from '../../theme/text.module.css'
import styles from './side-bar.module.css'

interface ClusterSwitcherProps {
  readonly cluster: Cluster | undefined
  readonly folded: boolean
}

/** The current cluster, and a menu of the others. `folded`: as a sign, in the narrow side bar. */
export function ClusterSwitcher({ cluster, folded }: ClusterSwitcherProps) {
  const clusters = useClusters((state) => state.clusters) ?? []
  const trigger = (
    <button type="button" className={styles.switcher} aria-label={cluster === undefined ? t('frame.switcher') : undefined}>
      {cluster !== undefined && <span className={styles.bar} style={{ background: clusterColour(cluster.colour) }} />}
      {folded ? <span className={styles.initial}>{cluster?.name[0]?.toUpperCase() ?? '–'}</span> : <Current cluster={cluster} />}
      {!folded && <Icon of={ChevronsUpDown} size={14} />}
    </button>
  )
  return (
    <Menu trigger={trigger} className={styles.menu} side={folded ? 'right' : 'bottom'}>
      {clusters.map((other, index) => (
        <MenuItem
          key={other.id}
          onClick={() => go({ screen: 'nodes', clusterId: other.id })}
          shortcut={index < 9 ? `Ctrl ${index + 1}` : undefined}
          trailing={<ClusterState cluster={other} />}
        >
          <span className={styles.plainItem}>
            <ClusterName cluster={other} current={other.id === cluster?.id} />
          </span>
        </MenuItem>
      ))}
      {cluster !== undefined && <ClusterActs cluster={cluster} />}
      <MenuSeparator />
      <MenuItem icon={Plus} onClick={() => go(startPlace)}>
        {t('frame.startNew')}
      </MenuItem>
      <MenuItem icon={Plug} onClick={() => openDialog({ kind: 'attach', url: '', testAtOnce: false })}>
        {t('frame.attachTo')}
      </MenuItem>
    </Menu>
  )
}

function Current({ cluster }: { readonly cluster: Cluster | undefined }) {
  if (cluster === undefined) return <span className={classNames(styles.who, styles.name, styles.none)}>{t('frame.switcher')}</span>
  const word = clusterWord(cluster)
  return (
    <span className={styles.who}>
      <span className={`${styles.name} ${text.ellipsis}`}>{cluster.name}</span>
      <span className={styles.where}>
        <StatusMark kind={clusterWords[word]} size={10} />
        <span className={text.ellipsis}>{placeWords(cluster)}</span>
      </span>
    </span>
  )
}

function placeWords(cluster: Cluster): string {
  const word = clusterWord(cluster)
  if (word === 'noAnswer') return t('place.noAnswer')
  return word === 'running' || word === 'degraded' ? t(`place.${clusterPlace(cluster)}`) : t(`status.cluster.${word}`)
}

function ClusterName({ cluster, current }: { readonly cluster: Cluster; readonly current: boolean }) {
  return (
    <span style={{ display: 'flex', alignItems: 'center', gap: 9, minWidth: 0 }}>
      <i className={styles.clusterBar} style={{ background: clusterColour(cluster.colour) }} />
      <span className={classNames(text.ellipsis, current && text.medium)} title={cluster.name}>
        {cluster.name}
      </span>
    </span>
  )
}

/** `8 of 11` where the nodes are at hand, else the cluster's word. */
function ClusterState({ cluster }: { readonly cluster: Cluster }) {
  const fold = useNodes((state) => (state.fold?.clusterId === cluster.id && state.fold.revision !== undefined ? state.fold : undefined))
  const word = clusterWord(cluster)
  const known = fold !== undefined && (word === 'running' || word === 'degraded')
  return (
    <>
      <span className={styles.trailing}>
        {known
          ? t('frame.connectedOf', { connected: count(fold.counts.connected), all: count(fold.counts.all) })
          : t(`status.cluster.${word}`).toLowerCase()}
      </span>
      <StatusMark kind={clusterWords[word]} size={12} />
    </>
  )
}

function ClusterActs({ cluster }: { readonly cluster: Cluster }) {
  const startable = cluster.kind === 'local' && (cluster.phase.kind === 'stopped' || cluster.phase.kind === 'failed')
  const stoppable = cluster.kind === 'local' && cluster.phase.kind === 'running'
  return (
    <>
      <MenuSeparator />
      <MenuGroup label={t('frame.thisCluster')}>
        {startable && (
          <MenuItem icon={Play} onClick={() => void startCluster(cluster.id)}>
            {t('frame.startCluster')}
          </MenuItem>
        )}
        {stoppable && (
          <MenuItem icon={Square} onClick={() => openDialog({ kind: 'stop-cluster', clusterId: cluster.id })}>
            {t('frame.stopCluster')}
          </MenuItem>
        )}
        <MenuItem icon={Pencil} onClick={() => openDialog({ kind: 'rename-cluster', clusterId: cluster.id })}>
          {t('frame.rename')}
        </MenuItem>
        {cluster.kind === 'local' && (
          <MenuItem icon={FolderOpen} onClick={() => void attempt(t('failure.folder'), () => call('app.openFolder', { clusterId: cluster.id }))}>
            {t('frame.openFolder')}
          </MenuItem>
        )}
        <MenuItem icon={Trash2} danger onClick={() => openDialog({ kind: 'forget-cluster', clusterId: cluster.id })}>
          {t('frame.forget')}
        </MenuItem>
      </MenuGroup>
    </>
  )
}
