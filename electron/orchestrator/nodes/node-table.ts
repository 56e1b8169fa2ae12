import type { NodeInfo, NodeState } from '../../../shared/models/node'
import type { NodeRow, NodeWork } from '../../../shared/models/node-row'
import { rememberedNode } from './last-seen'
import { nodeRow, nodeState, ownState } from './node-view'
import type { LiveNode } from './node-view'
import type { KnownNode, ReadonlyRegistry } from './registry'
import type { SocketTable } from '../presence/socket-table'

interface NodeTableOptions {
  readonly registry: ReadonlyRegistry
  readonly sockets: SocketTable
  /** The orchestrator's own description; a compute node of the same id takes its place in the list. */
  readonly own: NodeInfo
  /** Unix milliseconds. */
  readonly startedAt: number
  readonly disconnectTimeoutMs: () => number
  /** What this orchestrator has given the node to do. */
  readonly work?: (id: string) => NodeWork
}

/** All nodes as they are at this moment: the ledger's truth, the volatile one, and the views made of both, kept until something changes. */
export class NodeTable {
  readonly #options: NodeTableOptions
  readonly #live = new Map<string, LiveNode>()
  readonly #states = new Map<string, NodeState>()
  readonly #rows = new Map<string, NodeRow>()
  readonly #texts = new WeakMap<NodeState, string>()
  readonly #listeners = new Set<(id: string) => void>()

  constructor(options: NodeTableOptions) {
    this.#options = options
    for (const [id, known] of options.registry.entries()) this.#live.set(id, rememberedNode(known.seen, options.startedAt))
  }

  /** Calls back with the id of each node that changed, at once. */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Ids of all nodes, the orchestrator's own included, in no order. */
  ids(): readonly string[] {
    const { registry, own } = this.#options
    const known = [...registry.entries()].map(([id]) => id)
    return registry.get(own.NodeID) === undefined ? [...known, own.NodeID] : known
  }

  live(id: string): LiveNode {
    return this.#live.get(id) ?? rememberedNode(this.#options.registry.get(id)?.seen, this.#options.startedAt)
  }

  /** Changes a node; one that is not known (any more) stays so. */
  update(id: string, change: (live: LiveNode) => LiveNode): void {
    if (!this.isKnown(id)) return
    const before = this.live(id)
    const after = change(before)
    if (after === before) return
    this.#live.set(id, after)
    this.changed(id)
  }

  forget(id: string): void {
    this.#live.delete(id)
    this.changed(id)
  }

  /** Something that the views are made of has changed: the registry, or the node's sockets. */
  changed(id: string): void {
    this.#states.delete(id)
    this.#rows.delete(id)
    for (const listener of this.#listeners) listener(id)
  }

  state(id: string): NodeState | undefined {
    const kept = this.#states.get(id)
    if (kept !== undefined) return kept
    const { registry, own, startedAt } = this.#options
    const known = registry.get(id)
    const state = known !== undefined ? nodeState(known, this.live(id)) : id === own.NodeID ? ownState(own, startedAt) : undefined
    if (state !== undefined) this.#states.set(id, state)
    return state
  }

  row(id: string): NodeRow | undefined {
    const kept = this.#rows.get(id)
    if (kept !== undefined) return kept
    const state = this.state(id)
    if (state === undefined) return undefined
    const row: NodeRow = this.isKnown(id) ? this.#row(id, state) : { state, socket: { kind: 'none' } }
    this.#rows.set(id, row)
    return row
  }

  /** JSON of a state that this table gave out. */
  text(state: NodeState): string {
    let text = this.#texts.get(state)
    if (text === undefined) this.#texts.set(state, (text = JSON.stringify(state)))
    return text
  }

  states(): NodeState[] {
    return this.ids().flatMap((id) => this.state(id) ?? [])
  }

  rows(): NodeRow[] {
    return this.ids().flatMap((id) => this.row(id) ?? [])
  }

  /** A connection that may be no more than a legacy probe is not shown as the node's. */
  #row(id: string, state: NodeState): NodeRow {
    const live = this.live(id)
    const sockets = this.#options.sockets.of(id).filter(({ settled }) => settled || live.presence.kind === 'connected')
    const work = this.#options.work?.(id)
    return { ...nodeRow(state, live, sockets, this.#options.disconnectTimeoutMs()), ...(work === undefined ? {} : { work }) }
  }

  isKnown(id: string): boolean {
    return this.known(id) !== undefined
  }

  /** What the ledger holds of a node: without making the view of it, which is different after each sign of life. */
  known(id: string): KnownNode | undefined {
    return this.#options.registry.get(id)
  }
}
