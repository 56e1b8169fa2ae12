import type { NodeInfo } from '../../../shared/models/node'
import { ApiError } from '../../http/reply/api-error'
import type { NodeChange } from '../nodes/node-changes'
import { sameInfo, staticInfo } from '../nodes/node-info'
import type { KnownNode } from '../nodes/registry'

/** What comes of a handshake. The texts are Bacalhau's: its nodes log them. */
type Admission =
  | { readonly accepted: false; readonly reason: string }
  | { readonly accepted: true; readonly reason: string; readonly isNew: boolean; readonly changes: readonly NodeChange[] }

/** Decides on a handshake: a rejected node and one that is no compute node stay out; a new one is approved unless that is left to people. */
export function admit(known: KnownNode | undefined, info: NodeInfo, options: { readonly manualApproval: boolean; readonly at: number }): Admission {
  if (known?.membership === 'REJECTED') return { accepted: false, reason: 'node has been rejected' }
  if (info.NodeType !== 'Compute') return { accepted: false, reason: 'node is not a compute node' }
  const { at } = options
  if (known === undefined) {
    const membership = options.manualApproval ? 'PENDING' : 'APPROVED'
    return { accepted: true, reason: 'node registered', isNew: true, changes: [{ kind: 'node.registered', at, info: staticInfo(info), membership }] }
  }
  const changes: NodeChange[] = sameInfo(known.info, info) ? [] : [{ kind: 'node.info', at, info: staticInfo(info) }]
  return { accepted: true, reason: 'node reconnected', isNew: false, changes }
}

/**
 * What approving, rejecting or deleting a node changes.
 * @param asked the id as the client gave it, perhaps a prefix: it is what Bacalhau's messages name
 * @throws ApiError `ConflictNodeState` when the node is in that state already
 */
export function decideMembership(
  action: 'approve' | 'reject' | 'delete',
  id: string,
  known: KnownNode,
  options: { readonly asked: string; readonly message: string; readonly at: number },
): NodeChange {
  const { asked, message, at } = options
  if (action === 'delete') return { kind: 'node.deleted', at, id }
  const membership = action === 'approve' ? 'APPROVED' : 'REJECTED'
  if (known.membership === membership) {
    throw new ApiError('ConflictNodeState', `node ${asked} already ${action === 'approve' ? 'approved' : 'rejected'}`, { component: 'NodesManager' })
  }
  return { kind: 'node.membership', at, id, membership, ...(message === '' ? {} : { message }) }
}
