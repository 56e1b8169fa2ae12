import type { Cluster } from '../../../shared/cluster'

type ClusterScreen = 'nodes' | 'access' | 'config'

/** Where the window is: at the start, or at a screen of one cluster. */
export type Place =
  | { readonly screen: 'start' }
  | {
      readonly screen: ClusterScreen
      readonly clusterId: string
      /** Whose configuration is meant, where one is. */
      readonly node?: string
    }

/** Where the window is when there is no cluster to show. */
export const startPlace: Place = { screen: 'start' }

/** The cluster that a place belongs to. */
export function clusterOf(place: Place | undefined): string | undefined {
  return place === undefined || place.screen === 'start' ? undefined : place.clusterId
}

/** The node that a place is about. */
export function nodeOf(place: Place | undefined): string | undefined {
  return place === undefined || place.screen === 'start' ? undefined : place.node
}

/** Whether going from one to the other would change nothing. */
export function samePlace(a: Place, b: Place): boolean {
  return a.screen === b.screen && clusterOf(a) === clusterOf(b) && nodeOf(a) === nodeOf(b)
}

/** Where to begin, or to go on when the cluster at hand is gone: the one looked at last, else one that runs, else any, else the start. */
export function placeFor(clusters: readonly Cluster[], lastClusterId: string | undefined): Place {
  const cluster = clusters.find(({ id }) => id === lastClusterId) ?? clusters.find(({ phase }) => phase.kind === 'running') ?? clusters[0]
  return cluster === undefined ? startPlace : { screen: 'nodes', clusterId: cluster.id }
}
