import type { LocalNode } from '../../../shared/cluster'
import type { NodeRow } from '../../../shared/models/node-row'

/** The seven kinds of state; each has a shape and a colour of its own. */
export type StatusKind = 'ok' | 'busy' | 'wait' | 'warn' | 'bad' | 'off' | 'unknown'

/** Core of the node sign: the socket, as NATS sees it. */
export type Core = 'up' | 'back' | 'lost' | 'none' | 'unknown'
/** Ring of the node sign: the orchestrator's opinion. */
export type Ring = 'connected' | 'disconnected' | 'pending' | 'rejected' | 'unknown'

/** The one word for a node’s state, made of all that is known of it. */
export type NodeWord =
  | 'connected'
  | 'pending'
  | 'rejected'
  | 'conflict'
  | 'socketLost'
  | 'noSocket'
  | 'reconnecting'
  | 'disconnected'
  | 'stopped'
  | 'starting'
  | 'joining'
  | 'stopping'
  | 'crashed'
  | 'refused'
  | 'unknown'

/** The one list of node states. `rank`: the worse of two truths has the higher one, and lists sorted by state begin with it. */
export const nodeWords: { readonly [Word in NodeWord]: { readonly kind: StatusKind; readonly rank: number } } = {
  crashed: { kind: 'bad', rank: 14 },
  refused: { kind: 'bad', rank: 13 },
  disconnected: { kind: 'bad', rank: 12 },
  rejected: { kind: 'bad', rank: 11 },
  conflict: { kind: 'warn', rank: 10 },
  socketLost: { kind: 'warn', rank: 9 },
  noSocket: { kind: 'warn', rank: 8 },
  reconnecting: { kind: 'warn', rank: 7 },
  pending: { kind: 'wait', rank: 6 },
  stopping: { kind: 'busy', rank: 5 },
  starting: { kind: 'busy', rank: 4 },
  joining: { kind: 'busy', rank: 3 },
  unknown: { kind: 'unknown', rank: 2 },
  stopped: { kind: 'off', rank: 1 },
  connected: { kind: 'ok', rank: 0 },
}

/** What the filter above the list offers. Nodes on their way (starting, joining, stopping) are in none but `all`. */
export type Category = 'connected' | 'unsure' | 'pending' | 'disconnected' | 'stopped'
const categories: { readonly [Kind in StatusKind]: Category | undefined } = {
  ok: 'connected',
  warn: 'unsure',
  unknown: 'unsure',
  wait: 'pending',
  bad: 'disconnected',
  off: 'stopped',
  busy: undefined,
}
/** Undefined for a node on its way. */
export function categoryOf(word: NodeWord): Category | undefined {
  return categories[nodeWords[word].kind]
}

/** A node's state without ages, so that it changes only when something happened. Times are Unix ms. */
export interface NodeStatus {
  readonly word: NodeWord
  readonly core: Core
  readonly ring: Ring
  /** Since when the word holds. */
  readonly since?: number
  /** When something is tried again by itself. */
  readonly until?: number
  /** Drawn as the plain shape of its kind: no truth of NATS or of the orchestrator is at hand or wanted. */
  readonly plain: boolean
}

/** Unix ms of one of Bacalhau's times; undefined for Go's zero time and for what is no time. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) || at <= 0 ? undefined : at
}

/** By what the orchestrator says; before it has spoken, by what this machine runs it as. */
export function isOrchestrator(row: NodeRow | undefined, local: LocalNode | undefined): boolean {
  if (row !== undefined) return row.state.Info.NodeType.toLowerCase() !== 'compute'
  return local?.role === 'orchestrator'
}

/** The orchestrator’s word; Bacalhau’s versions put it in one of two places. */
export function connectionOf(row: NodeRow): string {
  return row.state.ConnectionState.Status || row.state.Connection
}

function coreOf(row: NodeRow | undefined, local: LocalNode | undefined): Core {
  if (local?.state.kind === 'running' && local.connection?.kind === 'waiting') return 'back'
  if (row === undefined) return 'none'
  // An orchestrator that answers needs no socket to be seen: it is the one who tells.
  if (row.socket.kind === 'none') return isOrchestrator(row, local) && connectionOf(row) === 'CONNECTED' ? 'up' : 'none'
  return row.socket.kind === 'stopped' ? 'none' : row.socket.kind
}

function ringOf(row: NodeRow | undefined): Ring {
  if (row === undefined) return 'unknown'
  const membership = row.state.Membership
  if (membership === 'REJECTED') return 'rejected'
  if (membership === 'PENDING') return 'pending'
  const connection = connectionOf(row)
  if (connection === 'CONNECTED') return 'connected'
  return connection === 'DISCONNECTED' ? 'disconnected' : 'unknown'
}

type Told = Pick<NodeStatus, 'word' | 'since' | 'until'> & { readonly plain?: boolean }

/** What this machine knows of a process of its own; undefined when it runs and has nothing against its connection. */
function toldByProcess(local: LocalNode, row: NodeRow | undefined): Told | undefined {
  const state = local.state
  switch (state.kind) {
    case 'stopped':
      return { word: 'stopped', plain: true, ...(state.at === undefined ? {} : { since: state.at }) }
    case 'starting':
      return { word: 'starting', since: state.since, plain: true }
    case 'stopping':
      return { word: 'stopping', since: state.since, plain: true }
    case 'waiting':
      return { word: 'crashed', since: state.since, until: state.nextTryAt }
    case 'failed':
      return { word: 'crashed', since: state.since }
    case 'running':
      return toldByConnection(local, row)
  }
}

function toldByConnection(local: LocalNode, row: NodeRow | undefined): Told | undefined {
  const connection = local.connection
  if (connection?.kind === 'waiting') {
    if (connection.code === 'nats.refused') return { word: 'refused', since: connection.since, until: connection.nextTryAt }
    if (connection.code === 'handshake.rejected') return { word: 'rejected', since: connection.since, until: connection.nextTryAt }
    return { word: 'reconnecting', since: connection.since, until: connection.nextTryAt }
  }
  if (row !== undefined && connectionOf(row) === 'CONNECTED') return undefined
  if (connection?.kind === 'connecting') return { word: 'joining', since: connection.since, plain: true }
  if (row === undefined) return { word: 'joining', plain: true }
  return undefined
}

/** What the orchestrator and NATS tell: the worse of the two. */
function toldByCluster(row: NodeRow): Told {
  const { socket, state, conflict } = row
  if (state.Membership === 'REJECTED') return { word: 'rejected' }
  if (conflict !== undefined) return { word: 'conflict', since: conflict.since }
  const connection = connectionOf(row)
  if (socket.kind === 'stopped') return { word: 'stopped', since: socket.at, plain: true }
  if (connection === 'DISCONNECTED') {
    const since = timeOf(state.ConnectionState.DisconnectedSince) ?? timeOf(state.ConnectionState.LastHeartbeat)
    return { word: 'disconnected', ...(since === undefined ? {} : { since }) }
  }
  if (connection !== 'CONNECTED') return { word: 'unknown' }
  if (socket.kind === 'lost') return { word: 'socketLost', since: socket.at }
  if (socket.kind === 'none' && !isOrchestrator(row, undefined)) return { word: 'noSocket' }
  if (state.Membership === 'PENDING') return { word: 'pending' }
  const since = timeOf(state.ConnectionState.ConnectedSince)
  return { word: 'connected', ...(since === undefined ? {} : { since }) }
}

/** The state of a node from all that is known of it: the orchestrator's row, and its process where this machine runs it. */
export function nodeStatus(row: NodeRow | undefined, local: LocalNode | undefined): NodeStatus {
  const told: Told = (local && toldByProcess(local, row)) ?? (row ? toldByCluster(row) : { word: 'unknown' })
  return { plain: false, ...told, core: coreOf(row, local), ring: ringOf(row) }
}

/** The same in words of equal meaning: used to see whether a change is one that a person would notice. */
export function sameStatus(a: NodeStatus, b: NodeStatus): boolean {
  return a.word === b.word && a.core === b.core && a.ring === b.ring && a.since === b.since && a.until === b.until
}
