import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { lazy, Suspense } from 'react'
import type { Cluster } from '../shared/cluster'
import { Toaster } from './components/overlays/toaster'
import { DialogHost } from './dialog-host'
import { Frame } from './features/frame/frame'
import { NodesScreen } from './features/nodes/nodes-screen'
import { StartScreen } from './features/start/start-screen'
import { StartFailedScreen, StartingScreen } from './features/start/starting-screen'
import { StoppedScreen, StoppingScreen } from './features/start/stopped-screen'
import { useCluster, useClusters } from './state/clusters-store'
import { useDock } from './state/window/dock-store'
import { clusterOf } from './state/window/place'
import { useLogs } from './state/logs-store'
import { useUi } from './state/window/ui-store'

// The list of nodes and the start come first; the rest is fetched when it is looked at.
const AccessScreen = lazy(async () => ({ default: (await import('./features/access/access-screen')).AccessScreen }))
const ConfigScreen = lazy(async () => ({ default: (await import('./features/config/config-screen')).ConfigScreen }))
const LogsDock = lazy(async () => ({ default: (await import('./features/logs/logs-dock')).LogsDock }))

/** The whole window: which screen is shown follows from the place and from what the cluster there is doing. */
export function App() {
  const place = useUi((state) => state.place)
  const cluster = useCluster(clusterOf(place))
  const only = useClusters((state) => state.clusters?.length === 1)
  const dockOpen = useDock((state) => state.open)
  const someLog = useLogs((state) => state.streams.length > 0)
  const dockAvailable = someLog || (cluster !== undefined && cluster.localNodes.length > 0)
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={400} closeDelay={0}>
        <Frame
          cluster={cluster}
          beginning={only && cluster?.phase.kind === 'starting'}
          dockAvailable={dockAvailable}
          dock={
            dockOpen &&
            dockAvailable && (
              <Suspense fallback={null}>
                <LogsDock cluster={cluster} />
              </Suspense>
            )
          }
        >
          <Suspense fallback={null}>
            {place?.screen === 'start' && <StartScreen />}
            {cluster !== undefined && place?.screen === 'nodes' && <ClusterNodes cluster={cluster} />}
            {cluster !== undefined && place?.screen === 'access' && <AccessScreen key={cluster.id} cluster={cluster} />}
            {cluster !== undefined && place?.screen === 'config' && <ConfigScreen key={cluster.id} cluster={cluster} />}
          </Suspense>
        </Frame>
        <DialogHost />
        <Toaster />
      </Tooltip.Provider>
    </CSPProvider>
  )
}

function ClusterNodes({ cluster }: { readonly cluster: Cluster }) {
  const { phase } = cluster
  switch (phase.kind) {
    case 'starting':
      return <StartingScreen cluster={cluster} phase={phase} />
    case 'failed':
      return <StartFailedScreen cluster={cluster} phase={phase} />
    case 'stopped':
      return <StoppedScreen cluster={cluster} />
    case 'stopping':
      return <StoppingScreen cluster={cluster} />
    case 'running':
      return <NodesScreen cluster={cluster} />
  }
}
