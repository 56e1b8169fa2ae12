import type { CandidateNode } from './candidate-node'
import { rankNodes } from './rank-nodes'
import type { PlacedJob, RankerName } from './ranker'

type PlacementVerdict =
  | { readonly kind: 'fits' }
  /** `requirement` names what rules the node out, `reason` says why in the words that a failed job would show. */
  | { readonly kind: 'ruled-out'; readonly requirement: RankerName; readonly reason: string }

interface PlacementPreview {
  /** In the order of the candidates. */
  readonly nodes: readonly { readonly node: CandidateNode; readonly verdict: PlacementVerdict }[]
  readonly fitting: number
  /** How many nodes each requirement rules out; only those that rule out any. */
  readonly ruledOut: Readonly<Partial<Record<RankerName, number>>>
}

/** Which nodes a spec would run on as things are now. Nothing of it is random. */
export function previewPlacement(job: PlacedJob, nodes: readonly CandidateNode[]): PlacementPreview {
  const { suitable, unsuitable } = rankNodes({ job, nodes, executions: [], random: () => 0 })
  const faults = new Map(unsuitable.map((entry) => [entry.node, entry]))
  const ruledOut: Partial<Record<RankerName, number>> = {}
  for (const { ranker } of unsuitable) ruledOut[ranker] = (ruledOut[ranker] ?? 0) + 1
  return {
    nodes: nodes.map((node) => {
      const fault = faults.get(node)
      const verdict: PlacementVerdict =
        fault === undefined ? { kind: 'fits' } : { kind: 'ruled-out', requirement: fault.ranker, reason: fault.reason }
      return { node, verdict }
    }),
    fitting: suitable.length,
    ruledOut,
  }
}
