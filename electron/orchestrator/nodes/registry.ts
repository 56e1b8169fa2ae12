import type { Membership, NodeInfo } from '../../../shared/models/node'
import type { LastSeen, NodeChange } from './node-changes'

/** What the ledger holds of a node. */
export interface KnownNode {
  /** Without what changes from heartbeat to heartbeat. */
  readonly info: NodeInfo
  readonly membership: Membership
  /** Unix milliseconds. */
  readonly registeredAt: number
  readonly seen?: LastSeen
}

/** The nodes, for those who only read of them. */
export interface ReadonlyRegistry {
  get(id: string): KnownNode | undefined
  entries(): IterableIterator<[string, KnownNode]>
  readonly size: number
}

/** The fold of the ledger's node changes. The same changes in the same order always give the same registry. */
export class Registry implements ReadonlyRegistry {
  readonly #nodes = new Map<string, KnownNode>()

  get size(): number {
    return this.#nodes.size
  }

  get(id: string): KnownNode | undefined {
    return this.#nodes.get(id)
  }

  entries(): IterableIterator<[string, KnownNode]> {
    return this.#nodes.entries()
  }

  /** Takes in one change. Changes of nodes that are not known (any more) have no effect. */
  apply(change: NodeChange): void {
    switch (change.kind) {
      case 'node.registered':
        this.#nodes.set(change.info.NodeID, { info: change.info, membership: change.membership, registeredAt: change.at })
        return
      case 'node.info':
        return this.#update(change.info.NodeID, (node) => ({ ...node, info: change.info }))
      case 'node.membership':
        return this.#update(change.id, (node) => ({ ...node, membership: change.membership }))
      case 'node.seen':
        return this.#update(change.id, (node) => ({ ...node, seen: change.seen }))
      case 'node.deleted':
        this.#nodes.delete(change.id)
    }
  }

  #update(id: string, change: (node: KnownNode) => KnownNode): void {
    const node = this.#nodes.get(id)
    if (node !== undefined) this.#nodes.set(id, change(node))
  }
}
