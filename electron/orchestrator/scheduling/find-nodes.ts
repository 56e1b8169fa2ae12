import { notEnoughNodes } from '../../../shared/placement/not-enough-nodes'
import { rankNodes, type RankedNodes } from '../../../shared/placement/rank-nodes'
import type { Draft } from './draft'

/** The nodes that may take work now, the best first, and why the others may not. */
export function find(draft: Draft): RankedNodes {
  const { nodes, random } = draft.input
  const candidates = nodes().flatMap(({ candidate, approved, standing }) => (approved && standing === 'connected' ? [candidate] : []))
  return rankNodes({ job: draft.job, nodes: candidates, executions: draft.executions(), random })
}

/** Why there are too few, in the words that Bacalhau's users know. */
export function shortage(
  { suitable, unsuitable }: RankedNodes,
  requested: number,
): { readonly message: string; readonly details: Readonly<Record<string, string>> } {
  return notEnoughNodes({ requested, available: suitable.length + unsuitable.length, suitable, unsuitable })
}
