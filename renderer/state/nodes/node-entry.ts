import type { LocalNode } from '../../../shared/cluster'
import type { NodeRow } from '../../../shared/models/node-row'
import { isOrchestrator, nodeStatus, sameStatus, timeOf, type NodeStatus } from './node-status'

/** The label in which a Shoal node tells its own version; the same as in shared/bacalhau-version.ts, which brings the schemas along. */
export const SHOAL_VERSION_LABEL = 'shoal.version'

/** One node as the window shows it: what the cluster tells, what this machine knows of the process, and the state made of both. */
export interface NodeEntry {
  readonly id: string
  readonly row?: NodeRow
  readonly local?: LocalNode
  readonly status: NodeStatus
  /** Compares as people count: `node-2` before `node-10`. */
  readonly sortName: string
}

/** A name made comparable: lower case, numbers padded. */
export function sortableName(id: string): string {
  return id.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'))
}

/** The entry for what is known now; keeps the status object of `before` when it says the same, so that readers see no change. */
export function nodeEntry(id: string, row: NodeRow | undefined, local: LocalNode | undefined, before: NodeEntry | undefined): NodeEntry {
  const fresh = nodeStatus(row, local)
  return {
    id,
    ...(row === undefined ? {} : { row }),
    ...(local === undefined ? {} : { local }),
    status: before !== undefined && sameStatus(before.status, fresh) ? before.status : fresh,
    sortName: before?.sortName ?? sortableName(id),
  }
}

const toldHere: ReadonlySet<NodeStatus['word']> = new Set(['stopped', 'starting', 'stopping', 'joining', 'crashed', 'refused', 'reconnecting'])

/** Whether the state is what this machine itself sees of its process: that stays true while the orchestrator does not answer. */
export function isToldHere(entry: NodeEntry): boolean {
  return entry.local !== undefined && toldHere.has(entry.status.word)
}

/** As `isOrchestrator`, for an entry. */
export function entryIsOrchestrator(entry: NodeEntry): boolean {
  return isOrchestrator(entry.row, entry.local)
}

/** A round trip of the node's connection in milliseconds; undefined while there is none. */
export function rttOf(entry: NodeEntry): number | undefined {
  return entry.row?.socket.kind === 'up' ? entry.row.socket.rttMs : undefined
}

/** Unix ms of the last heartbeat that the orchestrator counted. */
export function heartbeatOf(entry: NodeEntry): number | undefined {
  return timeOf(entry.row?.state.ConnectionState.LastHeartbeat)
}

/** Shoal or Bacalhau, with the version that the node tells. */
export interface Product {
  readonly name: string
  readonly version: string
}

/** `Shoal 0.1.0` or `Bacalhau 1.8.0`: a Shoal node tells its own version in a label, beside the one it is compatible with. */
export function productOf(entry: NodeEntry): Product | undefined {
  const info = entry.row?.state.Info
  if (info === undefined) return undefined
  const own = info.Labels?.[SHOAL_VERSION_LABEL]
  if (own !== undefined) return { name: 'Shoal', version: own }
  const version = info.BacalhauVersion?.GitVersion?.replace(/^v/, '')
  return version === undefined || version === '' ? undefined : { name: 'Bacalhau', version }
}

/** Where the node's connection comes from, without its port. */
export function addressOf(entry: NodeEntry): string | undefined {
  const row = entry.row
  if (row === undefined) return undefined
  const told = row.socket.kind === 'up' ? row.socket.host : row.state.Info.ComputeNodeInfo.address
  return told === '' ? undefined : told
}

/** All labels but the one by which Shoal’s nodes tell their version. */
export function labelsOf(entry: NodeEntry): readonly (readonly [key: string, value: string])[] {
  return Object.entries(entry.row?.state.Info.Labels ?? {}).filter(([key]) => key !== SHOAL_VERSION_LABEL)
}

/** As the orchestrator lists them; none for a node that it does not know. */
export function enginesOf(entry: NodeEntry): readonly string[] {
  return entry.row?.state.Info.ComputeNodeInfo.ExecutionEngines ?? []
}
