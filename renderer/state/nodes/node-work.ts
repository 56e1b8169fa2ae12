import { entryIsOrchestrator, type NodeEntry } from './node-entry'

/** An amount in use, what those that wait ask for beyond it, and the whole. Cores, bytes, or a count. */
export interface Share {
  readonly used: number
  readonly asked: number
  readonly total: number
  /** As it was when the node was last there: it may have ended meanwhile. */
  readonly past: boolean
}
/** What a node has a share of. */
export type Resource = 'CPU' | 'Memory' | 'Disk' | 'GPU'

/** Executions of a node. `past` as of a share. */
export interface Jobs {
  readonly running: number
  /** They wait in the node's own queue. */
  readonly queued: number
  /** The node has not answered yet whether it takes them. */
  readonly asked: number
  readonly past: boolean
}

function isGone(entry: NodeEntry): boolean {
  return entry.status.ring === 'disconnected'
}

/**
 * What a node has to do. `none`: it is no compute node. `unknown`: its orchestrator does not tell, or the node is gone and nothing is
 * left on it; which is not the same as 0.
 */
export function jobsOf(entry: NodeEntry): Jobs | 'none' | 'unknown' {
  if (entryIsOrchestrator(entry)) return 'none'
  const work = entry.row?.work
  if (work === undefined) return 'unknown'
  const past = isGone(entry)
  if (past && work.running + work.asked === 0) return 'unknown'
  const queued = work.queued ?? 0
  return { running: work.running - queued, queued, asked: work.asked, past }
}

/**
 * What a node has of a resource, by the orchestrator's books where it tells of them, else by the node's last heartbeat. `none`: it
 * offers none of it (an orchestrator, a machine without GPU). `unknown`: nothing current is known of it.
 */
export function shareOf(entry: NodeEntry, resource: Resource): Share | 'none' | 'unknown' {
  const { row } = entry
  if (entryIsOrchestrator(entry)) return 'none'
  if (row === undefined) return 'unknown'
  const { MaxCapacity, AvailableCapacity, QueueCapacity } = row.state.Info.ComputeNodeInfo
  const total = MaxCapacity?.[resource] ?? 0
  const past = isGone(entry)
  if (past && (jobsOf(entry) === 'unknown' || total === 0)) return 'unknown'
  if (total === 0) return MaxCapacity == null ? 'unknown' : 'none'
  const { work } = row
  if (work === undefined) {
    return { used: Math.max(0, total - (AvailableCapacity?.[resource] ?? 0)), asked: QueueCapacity?.[resource] ?? 0, total, past }
  }
  const asked = work.waiting?.[resource] ?? 0
  const used = (work.inUse[resource] ?? 0) - asked + (work.beside?.[resource] ?? 0)
  return { used: Math.min(total, Math.max(0, used)), asked, total, past }
}
