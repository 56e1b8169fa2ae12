import type { ClusterColour } from '../../shared/cluster'

/** All that a cluster may be given, in the order in which they are offered. */
export const clusterColours: readonly ClusterColour[] = [1, 2, 3, 4, 5, 6, 7, 8]
const names = ['tide', 'coral', 'kelp', 'sand', 'urchin', 'ink', 'shell', 'slate'] as const

/** The token of a cluster's colour: a name of the user's, never a state. */
export function clusterColour(colour: ClusterColour): string {
  return `var(--cluster-${names[colour - 1] ?? 'slate'})`
}
