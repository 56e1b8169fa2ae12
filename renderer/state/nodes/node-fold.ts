import type { LocalNode, NodesEvent } from '../../../shared/cluster'
import type { OrchestratorFacts, Revision } from '../../../shared/http/feed'
import { nodeEntry, type NodeEntry } from './node-entry'
import { categoryOf, type Category } from './node-status'
import { jobsOf } from './node-work'

/** How many nodes there are, by category, and what all of them run. */
type Counts = Readonly<Record<Category, number>> & {
  readonly all: number
  readonly compute: number
  /** Executions that nodes run, and that wait for one. */
  readonly running: number
  readonly queued: number
  /** Nodes of which it is known what they run. */
  readonly told: number
}

/**
 * The nodes of one cluster, folded from its feed and from this machine's processes. `entries` is changed in place, because copying
 * 10,000 of them every frame costs a frame: `version` tells that something changed, `membership` that a node came or went.
 */
export interface NodeFold {
  readonly clusterId: string
  readonly entries: ReadonlyMap<string, NodeEntry>
  readonly local: readonly LocalNode[]
  readonly counts: Counts
  readonly version: number
  readonly membership: number
  /** Undefined until the first snapshot. */
  readonly revision?: Revision
  readonly orchestrator?: OrchestratorFacts
  /** Nodes whose word became another one with the last event, at most a few: what a screen reader is told. */
  readonly turned: readonly NodeEntry[]
}

/** More would be noise, not news. */
const MAX_TURNED = 3

const noCounts: Counts = { all: 0, connected: 0, unsure: 0, pending: 0, disconnected: 0, stopped: 0, compute: 0, running: 0, queued: 0, told: 0 }

/** Nothing is known yet. */
export function emptyFold(clusterId: string): NodeFold {
  return { clusterId, entries: new Map(), local: [], counts: noCounts, version: 0, membership: 0, turned: [] }
}

/** Works on the shared map and keeps the counts in step with it. */
class Editor {
  readonly entries: Map<string, NodeEntry>
  readonly counts: { -readonly [Key in keyof Counts]: number }
  joinedOrLeft = false
  changed = false
  readonly turned: NodeEntry[] = []

  constructor(fold: NodeFold) {
    this.entries = fold.entries as Map<string, NodeEntry>
    this.counts = { ...fold.counts }
  }

  private count(entry: NodeEntry, by: 1 | -1): void {
    this.counts.all += by
    if (entry.row?.state.Info.NodeType.toLowerCase() === 'compute' || entry.local?.role === 'compute') this.counts.compute += by
    const jobs = jobsOf(entry)
    if (typeof jobs !== 'string') {
      this.counts.running += by * jobs.running
      this.counts.queued += by * (jobs.queued + jobs.asked)
      this.counts.told += by
    }
    const category = categoryOf(entry.status.word)
    if (category !== undefined) this.counts[category] += by
  }

  put(entry: NodeEntry): void {
    const before = this.entries.get(entry.id)
    if (before === undefined) this.joinedOrLeft = true
    else this.count(before, -1)
    if (before !== undefined && before.status.word !== entry.status.word && this.turned.length < MAX_TURNED) this.turned.push(entry)
    this.count(entry, 1)
    this.entries.set(entry.id, entry)
    this.changed = true
  }

  remove(id: string): void {
    const before = this.entries.get(id)
    if (before === undefined) return
    this.count(before, -1)
    this.entries.delete(id)
    this.joinedOrLeft = true
    this.changed = true
  }

  result(fold: NodeFold, more: Partial<NodeFold> = {}): NodeFold {
    return {
      ...fold,
      ...more,
      counts: this.changed ? this.counts : fold.counts,
      version: this.changed ? fold.version + 1 : fold.version,
      membership: this.joinedOrLeft ? fold.membership + 1 : fold.membership,
      turned: this.turned,
    }
  }
}

/** The fold after an event of its cluster; undefined when the event belongs to another start of the orchestrator and a snapshot is needed. */
export function foldEvent(fold: NodeFold, event: NodesEvent): NodeFold | undefined {
  const editor = new Editor(fold)
  const localOf = new Map(fold.local.map((node) => [node.name, node]))
  const more = { revision: event.revision, ...(event.orchestrator === undefined ? {} : { orchestrator: event.orchestrator }) }
  if (event.kind === 'snapshot') {
    const told = new Set<string>()
    for (const row of event.nodes) {
      const id = row.state.Info.NodeID
      told.add(id)
      editor.put(nodeEntry(id, row, localOf.get(id), fold.entries.get(id)))
    }
    for (const entry of [...fold.entries.values()]) {
      if (!told.has(entry.id)) withoutRow(editor, entry, localOf.get(entry.id))
    }
    return editor.result(fold, more)
  }
  if (fold.revision === undefined || fold.revision.start !== event.revision.start) return undefined
  for (const row of event.changed) {
    const id = row.state.Info.NodeID
    editor.put(nodeEntry(id, row, localOf.get(id), fold.entries.get(id)))
  }
  for (const id of event.removed) {
    const entry = fold.entries.get(id)
    if (entry !== undefined) withoutRow(editor, entry, localOf.get(id))
  }
  return editor.result(fold, more)
}

/** A node that the orchestrator does not know stays in the list while this machine has it. */
function withoutRow(editor: Editor, entry: NodeEntry, local: LocalNode | undefined): void {
  if (local === undefined) editor.remove(entry.id)
  else editor.put(nodeEntry(entry.id, undefined, local, entry))
}

/** They come over a boundary, whole each time: never the same objects. */
function sameLocal(a: LocalNode | undefined, b: LocalNode): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b)
}

/** The fold after a change of this machine's processes; the same fold when nothing changed. */
export function foldLocal(fold: NodeFold, local: readonly LocalNode[]): NodeFold {
  if (fold.local.length === local.length && local.every((node, index) => sameLocal(fold.local[index], node))) return fold
  const editor = new Editor(fold)
  const before = new Map(fold.local.map((node) => [node.name, node]))
  for (const node of local) {
    if (sameLocal(before.get(node.name), node)) continue
    const entry = fold.entries.get(node.name)
    editor.put(nodeEntry(node.name, entry?.row, node, entry))
  }
  const now = new Set(local.map((node) => node.name))
  for (const node of fold.local) {
    const entry = fold.entries.get(node.name)
    if (now.has(node.name) || entry === undefined) continue
    if (entry.row === undefined) editor.remove(node.name)
    else editor.put(nodeEntry(node.name, entry.row, undefined, entry))
  }
  return editor.result(fold, { local })
}
