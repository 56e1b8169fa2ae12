import { useEffect, useMemo, type ReactNode } from 'react'
import type { Cluster } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { Empty } from '../../components/notes/empty'
import { ErrorCard } from '../../components/notes/error-card'
import { SkeletonRows } from '../../components/signs/skeleton'
import { remaining } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { useAttempt } from '../../state/window/attempt'
import { useNow } from '../../state/clock'
import { useNodes } from '../../state/nodes/nodes-store'
import { useUi } from '../../state/window/ui-store'
import { ClusterViewProvider } from './cluster-context'
import { NodeInspector } from './inspector/node-inspector'
import { NoComputeNodes, NothingMatches } from './nodes-empty'
import { NodesFoot } from './nodes-foot'
import { NodesNotes } from './nodes-notes'
import styles from './nodes-screen.module.css'
import { NodesToolbar } from './nodes-toolbar'
import { StaleBanner } from './stale-banner'
import { resetFilters } from './table/list/list-view-store'
import { NodeTable } from './table/node-table'
import { useNodeList } from './table/list/use-node-list'

/** The nodes of a cluster that runs: live list, details, and what to do where there is nothing to list. */
export function NodesScreen({ cluster }: { readonly cluster: Cluster }) {
  const { id, name, link, kind, localNodes } = cluster
  const live = link.kind === 'live'
  const stale = link.kind === 'stale'
  const known = useNodes((state) => state.fold?.clusterId === id && state.fold.revision !== undefined)
  const failure = useNodes((state) => state.failure)
  const local = kind === 'local'
  const joinable = local || localNodes.length > 0
  const view = useMemo(() => ({ clusterId: id, clusterName: name, local, joinable, live, stale }), [id, name, local, joinable, live, stale])
  useEffect(resetFilters, [id])
  let content: ReactNode
  if (known) content = <KnownNodes cluster={cluster} />
  else if (link.kind === 'unreachable') content = <NoAnswer cluster={cluster} />
  else if (failure !== undefined && link.kind !== 'connecting')
    content = <ErrorCard title={t('nodes.noAnswer', { cluster: name })} failure={failure} acts={<TryNow cluster={cluster} />} />
  else content = <SkeletonRows awaited={(time) => t('nodes.asking', { cluster: name, time })} />
  return (
    <ClusterViewProvider value={view}>
      <div className={styles.screen}>
        <NodesToolbar />
        {link.kind === 'stale' && <StaleBanner cluster={cluster} link={link} />}
        {known ? content : <div className={styles.middle}>{content}</div>}
      </div>
    </ClusterViewProvider>
  )
}

function KnownNodes({ cluster }: { readonly cluster: Cluster }) {
  const [list, hold] = useNodeList()
  const inspectorOpen = useUi((state) => state.inspectorOpen && state.selectedNode !== undefined)
  const all = useNodes((state) => state.fold?.counts.all ?? 0)
  const compute = useNodes((state) => state.fold?.counts.compute ?? 0)
  return (
    <div className={styles.work}>
      <div className={styles.main}>
        <NodesNotes cluster={cluster} />
        <div className={styles.listed}>
          <NodeTable list={list} hold={hold} />
          {list.shown === 0 && all > 0 && (
            <div className={styles.over}>
              <NothingMatches />
            </div>
          )}
          {compute === 0 && list.shown === all && (
            <div className={styles.over}>
              {all === 0 ? <Empty title={t('nodes.none', { cluster: cluster.name })} /> : <NoComputeNodes cluster={cluster} />}
            </div>
          )}
        </div>
        <NodesFoot shown={list.shown} />
      </div>
      {inspectorOpen && <NodeInspector />}
    </div>
  )
}

function TryNow({ cluster }: { readonly cluster: Cluster }) {
  const [busy, attempt] = useAttempt()
  return (
    <Button
      look="primary"
      busy={busy ? t('act.tryNow') : undefined}
      onClick={() => void attempt(t('failure.retry', { cluster: cluster.name }), () => call('clusters.retry', { clusterId: cluster.id }))}
    >
      {t('act.tryNow')}
    </Button>
  )
}

function NoAnswer({ cluster }: { readonly cluster: Cluster }) {
  const now = useNow()
  const { link } = cluster
  if (link.kind !== 'unreachable') return null
  return (
    <ErrorCard
      title={t('nodes.noAnswer', { cluster: cluster.name })}
      failure={link.failure}
      acts={<TryNow cluster={cluster} />}
      again={t('nodes.tryingAgainByItself', { time: remaining(link.nextTryAt - now) })}
    />
  )
}
