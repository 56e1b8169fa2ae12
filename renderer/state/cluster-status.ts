import type { Cluster } from '../../shared/cluster'
import type { StatusKind } from './nodes/node-status'

type ClusterWord = 'stopped' | 'starting' | 'running' | 'stopping' | 'failed' | 'connecting' | 'degraded' | 'noAnswer'

/** The one list of cluster states. */
export const clusterWords: { readonly [Word in ClusterWord]: StatusKind } = {
  stopped: 'off',
  starting: 'busy',
  stopping: 'busy',
  connecting: 'busy',
  running: 'ok',
  degraded: 'warn',
  failed: 'bad',
  noAnswer: 'unknown',
}

/** A process of this machine that should run and does not. */
function crashedHere(cluster: Cluster): boolean {
  return cluster.localNodes.some((node) => node.state.kind === 'failed' || node.state.kind === 'waiting')
}

/** The word for a cluster: whether it runs, and whether we know. A single lost node of another machine does not make it degraded. */
export function clusterWord(cluster: Cluster): ClusterWord {
  if (cluster.phase.kind !== 'running') return cluster.phase.kind
  switch (cluster.link.kind) {
    case 'stale':
    case 'unreachable':
      return 'noAnswer'
    case 'connecting':
      return 'connecting'
    case 'live':
    case 'none':
      return crashedHere(cluster) ? 'degraded' : 'running'
  }
}

/** What the second line of the switcher says beside the state. */
type ClusterPlace = 'attached' | 'thisMachine' | 'shared'
/** An attached cluster is never `thisMachine`, wherever its address points. */
export function clusterPlace(cluster: Cluster): ClusterPlace {
  if (cluster.kind === 'attached') return 'attached'
  return cluster.reach?.shared === true ? 'shared' : 'thisMachine'
}

/** How old what is on screen is. `hint` colours it: fresh green, old grey, too old amber. */
type AsOf =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'live' }
  | { readonly kind: 'aged'; readonly ageMs: number; readonly old: boolean }
  | { readonly kind: 'stale'; readonly at: number }

const FRESH_MS = 2000
const OLD_MS = 10_000

/** How current what is shown is; `now` in Unix milliseconds. */
export function asOf(cluster: Cluster, now: number): AsOf {
  const link = cluster.link
  switch (link.kind) {
    case 'none':
      return { kind: 'nothing' }
    case 'connecting':
    case 'unreachable':
      return { kind: 'asking' }
    case 'stale':
      return { kind: 'stale', at: link.asOf }
    case 'live': {
      const ageMs = Math.max(0, now - link.asOf)
      return ageMs < FRESH_MS ? { kind: 'live' } : { kind: 'aged', ageMs, old: ageMs >= OLD_MS }
    }
  }
}
