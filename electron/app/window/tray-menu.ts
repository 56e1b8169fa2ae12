import type { Cluster } from '../../../shared/cluster'

/** What a click on a row does. */
export type TrayAct =
  | { readonly kind: 'open' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'start'; readonly clusterId: string }
  | { readonly kind: 'stop'; readonly clusterId: string }

/** A row of the menu. One without `act` only tells something. */
interface TrayRow {
  readonly text: string
  readonly act?: TrayAct
}

/**
 * The menu of the tray, in groups: the state of all in one line, a row a cluster, then the app. `undefined` until clusters are taken up.
 * Signs stand for the state as well as words, since a menu of the system has no colours.
 */
export function trayMenu(clusters: readonly Cluster[] | undefined): readonly (readonly TrayRow[])[] {
  const groups: readonly (readonly TrayRow[])[] = [
    [{ text: stateLine(clusters) }],
    (clusters ?? []).flatMap(clusterRows),
    [
      { text: 'Open Shoal', act: { kind: 'open' } },
      { text: 'Quit', act: { kind: 'quit' } },
    ],
  ]
  return groups.filter((rows) => rows.length > 0)
}

/** All clusters in one line: what needs a look comes before what goes well. */
export function stateLine(clusters: readonly Cluster[] | undefined): string {
  if (clusters === undefined) return '◐ Starting…'
  const named = (wanted: ClusterState): string | undefined => {
    const [first, ...more] = clusters.filter((cluster) => stateOf(cluster) === wanted)
    if (first === undefined) return undefined
    return more.length === 0 ? `${SIGNS[wanted]} ${first.name} ${WORDS[wanted]}` : `${SIGNS[wanted]} ${more.length + 1} clusters: ${WORDS[wanted]}`
  }
  return named('failed') ?? named('no-answer') ?? named('starting') ?? named('stopping') ?? runningLine(clusters) ?? '○ Nothing runs'
}

function runningLine(clusters: readonly Cluster[]): string | undefined {
  const running = clusters.filter((cluster) => stateOf(cluster) === 'running')
  if (running.length === 0) return undefined
  const nodes = running.reduce((sum, { localNodes }) => sum + localNodes.filter(({ state }) => state.kind === 'running').length, 0)
  const what = running.length === 1 ? `${running[0]?.name ?? ''} is up` : `${running.length} clusters are up`
  return `${SIGNS.running} ${what}, ${nodes === 1 ? '1 node' : `${nodes} nodes`} on this machine`
}

function clusterRows(cluster: Cluster): readonly TrayRow[] {
  const state = stateOf(cluster)
  const line = `${SIGNS[state]} ${cluster.name}: ${WORDS[state]}`
  if (cluster.kind === 'attached') return [{ text: line }]
  const { id: clusterId, name } = cluster
  if (cluster.phase.kind === 'stopped' || cluster.phase.kind === 'failed')
    return [{ text: line }, { text: `Start ${name}`, act: { kind: 'start', clusterId } }]
  if (cluster.phase.kind === 'running') return [{ text: line }, { text: `Stop ${name}`, act: { kind: 'stop', clusterId } }]
  return [{ text: line }]
}

type ClusterState = 'running' | 'starting' | 'stopping' | 'stopped' | 'failed' | 'no-answer'

const SIGNS: Readonly<Record<ClusterState, string>> = { running: '●', starting: '◐', stopping: '◐', stopped: '○', failed: '▲', 'no-answer': '▲' }
const WORDS: Readonly<Record<ClusterState, string>> = {
  running: 'running',
  starting: 'starting…',
  stopping: 'stopping…',
  stopped: 'stopped',
  failed: 'failed',
  'no-answer': 'does not answer',
}

function stateOf({ phase, link }: Cluster): ClusterState {
  if (phase.kind !== 'running') return phase.kind
  return link.kind === 'stale' || link.kind === 'unreachable' ? 'no-answer' : 'running'
}
