import type { RankedNodes } from './rank-nodes'

interface Shortage {
  readonly message: string
  readonly details: Readonly<Record<string, string>>
}

interface NotEnoughNodesOptions extends RankedNodes {
  /** How many nodes the job needs. */
  readonly requested: number
  /** How many nodes were looked at. */
  readonly available: number
}

/** Why a job cannot be placed, in the words that Bacalhau's clients show: one line for each reason. */
export function notEnoughNodes({ requested, available, suitable, unsuitable }: NotEnoughNodesOptions): Shortage {
  const summary = `not enough nodes to run job. requested: ${requested}, available: ${available}, suitable: ${suitable.length}.`
  return {
    message: [summary, ...reasonLines({ suitable, unsuitable }, available)].join('\n'),
    details: { NodesRequested: String(requested), NodesAvailable: String(available), NodesSuitable: String(suitable.length) },
  }
}

function reasonLines({ suitable, unsuitable }: RankedNodes, available: number): string[] {
  const groups = new Map<string, string[]>()
  const add = (reason: string, id: string): void => {
    const ids = groups.get(reason)
    if (ids === undefined) groups.set(reason, [id])
    else ids.push(id)
  }
  for (const { node } of suitable) add('suitable, but cannot take all that are needed', node.id)
  for (const { node, reason } of unsuitable) add(reason, node.id)
  return [...groups].map(([reason, [first = '', ...others]]) => {
    const who = others.length === 0 ? `Node ${shortNodeId(first)}` : `${others.length + 1} of ${available} nodes`
    return `• ${who}: ${reason}`
  })
}

/** Generated names are cut to `n-` and eight digits, given ones stay whole. */
function shortNodeId(id: string): string {
  return /^n-[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? id.slice(0, 10) : id
}
