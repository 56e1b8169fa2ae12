import { create } from 'zustand'
import type { Cluster, NodesEvent } from '../../../shared/cluster'
import { toFailure, type Failure } from '../../../shared/errors'
import { call } from '../../ipc'
import { productOf, rttOf, type NodeEntry, type Product } from './node-entry'
import { emptyFold, foldEvent, foldLocal, type NodeFold } from './node-fold'

interface NodesState {
  /** The nodes of the cluster at hand; undefined where there is none. */
  readonly fold: NodeFold | undefined
  /** Why the feed could not be opened; the cluster's link tells what happens after that. */
  readonly failure: Failure | undefined
}

/** Mirror of the nodes of the one cluster that the window looks at. */
export const useNodes = create<NodesState>(() => ({ fold: undefined, failure: undefined }))

/** Turns to another cluster, or to none, and asks main for its feed. */
export async function openNodes(cluster: Cluster | undefined): Promise<void> {
  if (cluster === undefined) {
    useNodes.setState({ fold: undefined, failure: undefined })
    return
  }
  if (useNodes.getState().fold?.clusterId !== cluster.id)
    useNodes.setState({ fold: foldLocal(emptyFold(cluster.id), cluster.localNodes), failure: undefined })
  try {
    await call('nodes.open', { clusterId: cluster.id })
    useNodes.setState({ failure: undefined })
  } catch (error) {
    if (useNodes.getState().fold?.clusterId === cluster.id) useNodes.setState({ failure: toFailure(error) })
  }
}

/** Ignores other clusters; changes of an orchestrator that has started anew make it ask main for a snapshot. */
export function takeNodesEvent(event: NodesEvent): void {
  const { fold } = useNodes.getState()
  if (fold?.clusterId !== event.clusterId) return
  const next = foldEvent(fold, event)
  if (next !== undefined) {
    useNodes.setState({ fold: next })
    return
  }
  // The orchestrator started anew: what we hold is of its former life. Asked again; the snapshot replaces it all.
  call('nodes.open', { clusterId: event.clusterId }).catch((error: unknown) => {
    useNodes.setState({ failure: toFailure(error) })
  })
}

/** What main says of this machine’s nodes, for the cluster on screen. */
export function takeLocalNodes(cluster: Cluster): void {
  const { fold } = useNodes.getState()
  if (fold?.clusterId !== cluster.id) return
  const next = foldLocal(fold, cluster.localNodes)
  if (next !== fold) useNodes.setState({ fold: next })
}

/** What a node runs; Shoal's orchestrators tell their own version beside the list, not in a label. */
export function useProduct(entry: NodeEntry): Product | undefined {
  const version = useNodes(({ fold }) => (fold?.orchestrator?.nodeId === entry.id ? fold.orchestrator.version : undefined))
  return version === undefined ? productOf(entry) : { name: 'Shoal', version }
}

/** The round trip to a node in milliseconds; an orchestrator's own is that to its NATS server. */
export function useRtt(entry: NodeEntry): number | undefined {
  const own = useNodes(({ fold }) => (fold?.orchestrator?.nodeId === entry.id ? fold.orchestrator.nats.rttMs : undefined))
  return rttOf(entry) ?? own
}

/** Drawn anew only when that node has changed. */
export function useNodeEntry(id: string | undefined): NodeEntry | undefined {
  return useNodes((state) => (id === undefined ? undefined : state.fold?.entries.get(id)))
}
