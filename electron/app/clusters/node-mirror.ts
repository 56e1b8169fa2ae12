import type { FeedUpdate } from '../../client/feed'
import type { NodesEvent } from '../../../shared/cluster'
import type { NodeRow } from '../../../shared/models/node-row'

/** The nodes of a cluster as its feed told them last: what a window that comes later starts from. */
export interface NodeMirror {
  /** Takes an update in; undefined when it changes nothing that a window shows. */
  take(update: FeedUpdate): NodesEvent | undefined
  /** All of it as one event; undefined before the first snapshot. */
  snapshot(): Extract<NodesEvent, { kind: 'snapshot' }> | undefined
  rows(): readonly NodeRow[]
}

/** Empty until its first snapshot. */
export function createNodeMirror(clusterId: string): NodeMirror {
  const rows = new Map<string, NodeRow>()
  let state: Pick<Extract<NodesEvent, { kind: 'snapshot' }>, 'revision' | 'orchestrator'> | undefined
  const put = (row: NodeRow): void => {
    rows.set(row.state.Info.NodeID, row)
  }
  return {
    take: (update) => {
      if (update.kind === 'alive') return undefined
      const { revision } = update
      const orchestrator = update.orchestrator ?? (update.kind === 'changes' ? state?.orchestrator : undefined)
      state = { revision, ...(orchestrator === undefined ? {} : { orchestrator }) }
      const told = update.orchestrator === undefined ? {} : { orchestrator: update.orchestrator }
      if (update.kind === 'snapshot') {
        rows.clear()
        update.nodes.forEach(put)
        return { kind: 'snapshot', clusterId, revision, nodes: update.nodes, ...told }
      }
      update.changed.forEach(put)
      for (const id of update.removed) rows.delete(id)
      return { kind: 'changes', clusterId, revision, changed: update.changed, removed: update.removed, ...told }
    },
    snapshot: () => (state === undefined ? undefined : { kind: 'snapshot', clusterId, ...state, nodes: [...rows.values()] }),
    rows: () => [...rows.values()],
  }
}
