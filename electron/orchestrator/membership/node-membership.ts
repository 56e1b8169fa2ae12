import type { NodeInfo } from '../../../shared/models/node'
import type { MessageInput } from '../../../shared/wire/messages'
import { ApiError } from '../../http/reply/api-error'
import type { Logger } from '../../log/logger'
import type { Journal } from '../nodes/journal'
import { KeyedLock } from './keyed-lock'
import { admit, decideMembership } from './decide-membership'
import { sameInfo, staticInfo } from '../nodes/node-info'
import type { NodeTable } from '../nodes/node-table'
import type { Clock } from '../ports'
import { awayReasons } from '../presence/presence'
import type { ReadonlyRegistry } from '../nodes/registry'
import type { Sessions } from './sessions'

interface MembershipOptions {
  readonly registry: ReadonlyRegistry
  readonly table: NodeTable
  readonly journal: Journal
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Logger
  readonly ownId: string
  readonly manualApproval: () => boolean
  /** Where a new node's messages begin: behind all that were caused before it came. */
  readonly lastSequence: () => number
  /** A session has begun; `arrivedAt` is the monotonic time at which its handshake came, `position` where its messages begin. */
  readonly begun: (id: string, arrivedAt: number, position: number) => void
}

/** Who belongs to the cluster. Everything about one node happens one after the other, and is durable before it is answered. */
export class Membership {
  readonly #options: MembershipOptions
  readonly #locks = new KeyedLock()

  constructor(options: MembershipOptions) {
    this.#options = options
  }

  handshake(info: NodeInfo): Promise<MessageInput<'transport.HandshakeResponse'>> {
    const { registry, table, journal, sessions, clock, log } = this.#options
    const id = info.NodeID
    const arrivedAt = clock.monotonic()
    return this.#locks.run(id, async () => {
      const admission = admit(registry.get(id), info, { manualApproval: this.#options.manualApproval(), at: clock.now() })
      if (!admission.accepted) {
        log.info('A node was not admitted', { node: id, reason: admission.reason })
        return { accepted: false, reason: admission.reason, LastComputeSeqNum: 0, LastOrchestratorSeqNum: 0 }
      }
      await journal.commit(admission.changes)
      if (admission.isNew) table.forget(id)
      const start = admission.isNew ? this.#options.lastSequence() : table.live(id).orchestratorSequence
      sessions.begin(id, info, start, admission.isNew)
      this.#options.begun(id, arrivedAt, start)
      log.info('A node is connected', { node: id, reason: admission.reason })
      return { accepted: true, reason: admission.reason, LastComputeSeqNum: sessions.computeSequence(id), LastOrchestratorSeqNum: start }
    })
  }

  updateInfo(info: NodeInfo): Promise<MessageInput<'transport.UpdateNodeInfoResponse'>> {
    const { registry, table, journal, clock } = this.#options
    return this.#locks.run(info.NodeID, async () => {
      const known = registry.get(info.NodeID)
      if (known === undefined || known.membership === 'REJECTED') return { accepted: false, reason: 'node registration rejected' }
      if (!sameInfo(known.info, info)) {
        await journal.commit([{ kind: 'node.info', at: clock.now(), info: staticInfo(info) }])
        table.changed(info.NodeID)
      }
      return { accepted: true }
    })
  }

  /**
   * Approves, rejects or deletes a node.
   * @param asked the id as the client gave it, perhaps a prefix; only told back
   * @throws ApiError `NotFound`, `ConflictNodeState`
   */
  change(action: 'approve' | 'reject' | 'delete', id: string, asked: string, message: string): Promise<void> {
    const { registry, table, journal, sessions, clock, log } = this.#options
    return this.#locks.run(id, async () => {
      const known = registry.get(id)
      if (known === undefined) throw id === this.#options.ownId ? ownEntry(action, asked) : notFound(asked)
      await journal.commit([decideMembership(action, id, known, { asked, message, at: clock.now() })])
      log.info('The membership of a node was changed', { node: id, action })
      if (action === 'approve') return table.changed(id)
      sessions.end(id, awayReasons.rejected)
      if (action === 'delete') table.forget(id)
    })
  }
}

/** No node has that id, or one that begins so. */
export function notFound(asked: string): ApiError {
  return new ApiError('NotFound', `node not found: ${asked}`, { component: 'NodesManager' })
}

function ownEntry(action: string, asked: string): ApiError {
  if (action === 'approve') return new ApiError('ConflictNodeState', `node ${asked} already approved`, { component: 'NodesManager' })
  return new ApiError('ConflictNodeState', `node ${asked} is the orchestrator itself and stays in the list`, { component: 'NodesManager' })
}
