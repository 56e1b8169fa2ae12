import { call, subscribe } from '../ipc'
import { takeClusters, useClusters } from './clusters-store'
import { takeFacts } from './facts-store'
import { takeLogLines } from './logs-store'
import { openNodes, takeLocalNodes, takeNodesEvent } from './nodes/nodes-store'
import { clusterOf, placeFor, startPlace } from './window/place'
import { go, keepPlacesOf, lastClusterId, openDialog, showActFailure, useUi } from './window/ui-store'
import { toFailure, type Failure } from '../../shared/errors'
import { t } from '../i18n/i18n'
import type { Cluster } from '../../shared/cluster'

/** Follows main: subscribes first, then asks once, so that nothing is missed in between; the window never polls. */
export function followMain(): void {
  subscribe('clusters.changed', followClusters)
  subscribe('nodes.changed', takeNodesEvent)
  subscribe('logs.appended', takeLogLines)
  subscribe('app.changed', takeFacts)
  subscribe('app.closeAsked', ({ clusters }) => openDialog({ kind: 'close', clusters }))
  call('app.facts').then(takeFacts, tell)
  call('clusters.list').then(followClusters, tell)
  useUi.subscribe((state, before) => {
    const clusterId = clusterOf(state.place)
    if (clusterId !== clusterOf(before.place)) void openNodes(useClusters.getState().clusters?.find(({ id }) => id === clusterId))
  })
}

function tell(error: unknown): void {
  const failure: Failure = toFailure(error)
  showActFailure(t('failure.main'), failure)
}

function followClusters(clusters: readonly Cluster[]): void {
  const before = useClusters.getState().clusters
  takeClusters(clusters)
  const { place } = useUi.getState()
  const cluster = clusters.find(({ id }) => id === clusterOf(place))
  if (place === undefined) go(placeFor(clusters, lastClusterId()))
  else if (clusterOf(place) !== undefined && cluster === undefined && before?.some(({ id }) => id === clusterOf(place)) === true) {
    go(clusters.length === 0 ? startPlace : placeFor(clusters, undefined))
  }
  keepPlacesOf(new Set(clusters.map(({ id }) => id)))
  if (cluster === undefined) return
  takeLocalNodes(cluster)
  const wasRunning = before?.find(({ id }) => id === cluster.id)?.phase.kind === 'running'
  if (cluster.phase.kind === 'running' && !wasRunning) void openNodes(cluster)
}
