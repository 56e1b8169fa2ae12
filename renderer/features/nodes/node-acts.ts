import { entryIsOrchestrator, type NodeEntry } from '../../state/nodes/node-entry'

/** `remove` takes a node off this machine, `delete` out of the orchestrator’s list. */
export type NodeAct = 'approve' | 'reject' | 'start' | 'stop' | 'restart' | 'log' | 'config' | 'copy' | 'remove' | 'delete'

/** An act that the menu shows. */
export interface OfferedAct {
  readonly act: NodeAct
  /** It asks the orchestrator, and that does not answer now. */
  readonly blocked: boolean
}

/** What can be done with a node, in the order of its menu. `live`: the orchestrator answers. What this machine does alone is never blocked. */
export function nodeActs(entry: NodeEntry, live: boolean): readonly OfferedAct[] {
  const acts: OfferedAct[] = []
  const offer = (act: NodeAct, when: boolean, needsOrchestrator = false): void => {
    if (when) acts.push({ act, blocked: needsOrchestrator && !live })
  }
  const { row, local } = entry
  const orchestrator = entryIsOrchestrator(entry)
  const process = local?.state.kind
  const compute = local?.role === 'compute'
  const membership = row?.state.Membership
  offer('approve', row !== undefined && !orchestrator && (membership === 'PENDING' || membership === 'REJECTED'), true)
  // The orchestrator's own process goes with its cluster: that is stopped by name, with all that follows from it.
  offer('start', compute && (process === 'stopped' || process === 'failed' || process === 'waiting'))
  offer('stop', compute && (process === 'running' || process === 'starting' || process === 'waiting'))
  offer('restart', process === 'running')
  offer('log', local !== undefined)
  offer('config', local !== undefined)
  offer('copy', true)
  offer('reject', row !== undefined && !orchestrator && membership !== 'REJECTED', true)
  offer('remove', compute)
  offer('delete', row !== undefined && !orchestrator && process !== 'running', true)
  return acts
}

/** Whether an act is offered and not blocked. */
export function canDo(entry: NodeEntry, act: NodeAct, live: boolean): boolean {
  return nodeActs(entry, live).some((offered) => offered.act === act && !offered.blocked)
}
