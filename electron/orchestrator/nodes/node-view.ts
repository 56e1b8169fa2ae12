import { ZERO_TIME } from '../../../shared/models/node'
import type { ConnectionState, NodeInfo, NodeState } from '../../../shared/models/node'
import type { Conflict, NodeRow, Socket } from '../../../shared/models/node-row'
import { goTime } from '../../../shared/wire/times'
import type { Presence, Session } from '../presence/presence'
import type { KnownNode } from './registry'
import type { LiveSocket } from '../presence/socket-table'

/** A node as it is at this moment, beside what the ledger holds of it. */
export interface LiveNode {
  readonly presence: Presence
  readonly orchestratorSequence: number
  readonly computeSequence: number
  /** How its last connection ended; Unix milliseconds. */
  readonly lastEnd?: { readonly kind: 'stopped' | 'lost'; readonly at: number; readonly since: number; readonly reason: string }
  readonly conflict?: Conflict
}

/** The node as Bacalhau's API shows it. One that is not connected offers no capacity. */
export function nodeState(known: KnownNode, live: LiveNode): NodeState {
  const session = live.presence.kind === 'connected' ? live.presence.session : undefined
  const connection = connectionState(live)
  return { Info: liveInfo(known.info, session), Membership: known.membership, Connection: connection.Status, ConnectionState: connection }
}

/** The orchestrator's own entry: always there, no heartbeats. */
export function ownState(info: NodeInfo, since: number): NodeState {
  const at = goTime(since)
  const connection: ConnectionState = { Status: 'CONNECTED', LastHeartbeat: at, ConnectedSince: at, DisconnectedSince: ZERO_TIME }
  return { Info: info, Membership: 'APPROVED', Connection: 'CONNECTED', ConnectionState: connection }
}

/**
 * The node with both truths: what the orchestrator thinks of it, and its socket.
 * @param sockets its live connections, the newest first
 */
export function nodeRow(state: NodeState, live: LiveNode, sockets: readonly LiveSocket[], disconnectTimeoutMs: number): NodeRow {
  const { presence, conflict } = live
  return {
    state,
    socket: socketOf(live, sockets),
    ...(conflict === undefined ? {} : { conflict }),
    ...(presence.kind === 'connected' ? { disconnectsAt: presence.session.lastHeartbeatAt + disconnectTimeoutMs } : {}),
  }
}

function socketOf({ lastEnd }: LiveNode, [newest]: readonly LiveSocket[]): Socket {
  if (newest === undefined) return lastEnd ?? { kind: 'none' }
  const { since, clientId, host, rttMs } = newest
  return { kind: 'up', since, clientId, host, ...(rttMs === undefined ? {} : { rttMs }) }
}

function liveInfo(info: NodeInfo, session: Session | undefined): NodeInfo {
  if (session === undefined) return info
  const { available, queued, running, enqueued } = session
  return {
    ...info,
    ComputeNodeInfo: {
      ...info.ComputeNodeInfo,
      AvailableCapacity: available,
      QueueCapacity: queued,
      RunningExecutions: running,
      EnqueuedExecutions: enqueued,
    },
  }
}

function connectionState(live: LiveNode): ConnectionState {
  const { presence } = live
  const LastComputeSeqNum = live.computeSequence === 0 ? undefined : live.computeSequence
  const LastOrchestratorSeqNum = live.orchestratorSequence === 0 ? undefined : live.orchestratorSequence
  if (presence.kind === 'connected') {
    const { lastHeartbeatAt, connectedSince } = presence.session
    return {
      Status: 'CONNECTED',
      LastHeartbeat: goTime(lastHeartbeatAt),
      LastComputeSeqNum,
      LastOrchestratorSeqNum,
      ConnectedSince: goTime(connectedSince),
      DisconnectedSince: ZERO_TIME,
    }
  }
  const past = presence.kind === 'cut-off' ? presence.session : presence
  return {
    Status: 'DISCONNECTED',
    LastHeartbeat: timeOrZero(past.lastHeartbeatAt),
    LastComputeSeqNum,
    LastOrchestratorSeqNum,
    ConnectedSince: timeOrZero(past.connectedSince),
    DisconnectedSince: timeOrZero(presence.at),
    ...(presence.reason === undefined || presence.reason === '' ? {} : { LastError: presence.reason }),
  }
}

function timeOrZero(at: number | undefined): string {
  return at === undefined ? ZERO_TIME : goTime(at)
}
