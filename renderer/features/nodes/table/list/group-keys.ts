import { labelsOf, type NodeEntry } from '../../../../state/nodes/node-entry'
import type { NodeFold } from '../../../../state/nodes/node-fold'

/** Keys of labels by which grouping says something: more than one value, and not one for every node. */
export function groupKeys(entries: Iterable<NodeEntry>): readonly string[] {
  const values = new Map<string, Set<string>>()
  let compute = 0
  for (const entry of entries) {
    const labels = labelsOf(entry)
    if (labels.length > 0) compute += 1
    for (const [key, value] of labels) {
      const seen = values.get(key)
      if (seen === undefined) values.set(key, new Set([value]))
      else seen.add(value)
    }
  }
  return [...values]
    .filter(([, seen]) => seen.size > 1 && seen.size < compute)
    .map(([key]) => key)
    .sort()
}

const none: readonly string[] = []
let last: { readonly clusterId: string; readonly membership: number; readonly keys: readonly string[] } | undefined

/** As `groupKeys`, reckoned anew only when nodes came or went: labels change with a handshake, and then hardly ever. */
export function groupKeysOf(fold: NodeFold | undefined): readonly string[] {
  if (fold === undefined) return none
  if (last?.clusterId !== fold.clusterId || last.membership !== fold.membership) {
    last = { clusterId: fold.clusterId, membership: fold.membership, keys: groupKeys(fold.entries.values()) }
  }
  return last.keys
}
