import type { Cluster, ClusterLink, ClusterPhase, LocalNode } from '../../../shared/cluster'
import type { Failure } from '../../../shared/errors'

/** Next steps for somebody in front of the window, where the general ones speak of flags of the command line. */
const hints: Readonly<Record<string, string>> = {
  'client.unreachable': 'Look whether its orchestrator runs, and whether the address is right.',
  'data-dir.in-use': 'Another Shoal runs it: stop it there first.',
  'data-dir.newer': 'Use that newer version. Nothing was changed.',
  'data-dir.not-writable': 'Change the owner or the rights of that folder.',
  'data-dir.not-a-directory': 'Look what stands in the way there.',
  'data-dir.full': 'Make room on that disk.',
}

/** The failure with the step that can be taken here. */
export function forWindow(failure: Failure): Failure {
  const hint = hints[failure.code]
  return hint === undefined ? failure : { ...failure, hint }
}

/** A cluster with every failure in it told for the window. */
export function clusterForWindow(cluster: Cluster): Cluster {
  return { ...cluster, phase: phaseForWindow(cluster.phase), link: linkForWindow(cluster.link), localNodes: cluster.localNodes.map(nodeForWindow) }
}

function phaseForWindow(phase: ClusterPhase): ClusterPhase {
  return phase.kind === 'failed' ? { ...phase, failure: forWindow(phase.failure) } : phase
}

function linkForWindow(link: ClusterLink): ClusterLink {
  return link.kind === 'stale' || link.kind === 'unreachable' ? { ...link, failure: forWindow(link.failure) } : link
}

function nodeForWindow(node: LocalNode): LocalNode {
  const { state } = node
  return state.kind === 'failed' || state.kind === 'waiting' ? { ...node, state: { ...state, failure: forWindow(state.failure) } } : node
}
