import type { NodeRow } from '../../../../shared/models/node-row'
import { connectionOf, isOrchestrator } from '../../../state/nodes/node-status'

/** What the two truths say together. Times are Unix ms. */
type Verdict =
  | { readonly kind: 'agree' | 'itself' | 'alone' | 'silent' | 'pending' | 'rejected' | 'stopped' | 'noticed-late' }
  | { readonly kind: 'conflict'; readonly hosts: readonly string[] }
  /** `from`: when the socket went; `by`: when the orchestrator must have noticed. */
  | { readonly kind: 'not-noticed'; readonly from: number; readonly by: number }

/** Whether socket and opinion agree, and what comes of it when they do not. */
export function verdictOf(row: NodeRow): Verdict {
  const { state, socket, conflict, disconnectsAt } = row
  if (conflict !== undefined) return { kind: 'conflict', hosts: conflict.hosts }
  if (state.Membership === 'REJECTED') return { kind: 'rejected' }
  const connected = connectionOf({ state, socket }) === 'CONNECTED'
  if (connected && socket.kind === 'lost') {
    return disconnectsAt === undefined ? { kind: 'noticed-late' } : { kind: 'not-noticed', from: socket.at, by: disconnectsAt }
  }
  if (socket.kind === 'stopped') return { kind: 'stopped' }
  if (!connected && socket.kind === 'up') return { kind: 'silent' }
  if (state.Membership === 'PENDING') return { kind: 'pending' }
  if (socket.kind === 'none' && isOrchestrator(row, undefined)) return { kind: 'itself' }
  return { kind: socket.kind === 'unknown' ? 'alone' : 'agree' }
}
