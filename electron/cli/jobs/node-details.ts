import { shortId } from '../output/human'
import type { ShownExecution } from './job-answers'

/** What each output was printed by: one node, or so many runs on so many nodes. Executions that printed nothing are left out; equal outputs are one. */
export function summariseOutputs(executions: readonly ShownExecution[]): readonly string[] {
  const nodesOf = new Map<string, string[]>()
  for (const { RunOutput, NodeID } of executions) {
    const output = [RunOutput?.ErrorMsg, RunOutput?.Stdout, RunOutput?.stderr].find((text) => text !== undefined && text.trim() !== '')
    if (output === undefined) continue
    const nodes = nodesOf.get(output.trim()) ?? []
    nodes.push(NodeID)
    nodesOf.set(output.trim(), nodes)
  }
  return [...nodesOf].map(([output, nodes]) => {
    const [first = ''] = nodes
    const head = nodes.length === 1 ? `• Node ${shortId(first)}: ` : `• ${nodes.length} runs on ${countOfNodes(new Set(nodes).size)}: `
    return `${head}${output.split('\n').join(`\n${' '.repeat(head.length)}`)}\n`
  })
}

function countOfNodes(count: number): string {
  return count === 1 ? 'one node' : `${count} nodes`
}
