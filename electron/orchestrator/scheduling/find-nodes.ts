import { notEnoughNodes } from '../../../shared/placement/not-enough-nodes'
import type { CandidateNode } from '../../../shared/placement/candidate-node'
import { amountsOf, difference, resourcesOf, sum, type Amounts } from '../../../shared/placement/resource-arithmetic'
import { rankNodes, type RankedNodes } from '../../../shared/placement/rank-nodes'
import type { Draft } from './draft'

/** The nodes that may take work now, the best first, and why the others may not. */
export function find(draft: Draft): RankedNodes {
  const { nodes, random } = draft.input
  const freed = freedByStops(draft)
  const candidates = nodes().flatMap(({ candidate, approved, standing }) => {
    if (!approved || standing !== 'connected') return []
    const amounts = freed.get(candidate.id)
    return [amounts === undefined ? candidate : withRoom(candidate, amounts)]
  })
  return rankNodes({ job: draft.job, nodes: candidates, executions: draft.executions(), random })
}

/** What this look's stops give back, by node: what makes way for a new version must not stand in its way. */
function freedByStops(draft: Draft): Map<string, Amounts> {
  const freed = new Map<string, Amounts>()
  for (const execution of draft.stopped()) {
    const amounts = amountsOf(draft.input.takes(execution))
    const before = freed.get(execution.NodeID)
    freed.set(execution.NodeID, before === undefined ? amounts : sum(before, amounts))
  }
  return freed
}

function withRoom(node: CandidateNode, freed: Amounts): CandidateNode {
  const [max, available, queued] = [amountsOf(node.max), amountsOf(node.available), amountsOf(node.queued)]
  const used = difference(sum(difference(max, available), queued), freed)
  return { ...node, available: resourcesOf(difference(max, used)), queued: resourcesOf(difference(used, max)) }
}

/** Why there are too few, in the words that Bacalhau's users know. */
export function shortage(
  { suitable, unsuitable }: RankedNodes,
  requested: number,
): { readonly message: string; readonly details: Readonly<Record<string, string>> } {
  return notEnoughNodes({ requested, available: suitable.length + unsuitable.length, suitable, unsuitable })
}
