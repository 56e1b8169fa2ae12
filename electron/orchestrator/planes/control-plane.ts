import { AppError } from '../../../shared/errors'
import type { NodeInfo } from '../../../shared/models/node'
import { isNodeId, wildcards } from '../../../shared/wire/subjects'
import type { MessageInput } from '../../../shared/wire/messages'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { startResponder } from '../../transport/ncl/responder'
import type { RequestContext } from '../../transport/ncl/responder'
import type { Holdings } from '../dispatch/compare-holdings'
import type { Membership } from '../membership/node-membership'
import type { Sessions } from '../membership/sessions'

interface ControlPlaneOptions {
  readonly link: NatsLink
  readonly log: Logger
  readonly membership: Membership
  readonly sessions: Sessions
  /** Compares what a node has with what it should have; tells what it should end, undefined when that cannot be said now. */
  readonly reconcile: (holdings: Holdings) => Promise<readonly string[] | undefined>
}

/** JSON of a node's description may be this long; real ones take about 1 KB. */
const infoLimit = 64_000

/** Answers what compute nodes ask on their control subjects. The name in a payload counts only where it is that of the subject. */
export function startControlPlane({ link, log, membership, sessions, reconcile }: ControlPlaneOptions): { stop(): void } {
  return startResponder(link, wildcards.control, {
    source: 'orchestrator-control',
    log,
    handlers: {
      'transport.HandshakeRequest': async ({ NodeInfo }, context) => {
        checkNode(NodeInfo, context)
        return { type: 'transport.HandshakeResponse', payload: await membership.handshake(NodeInfo) }
      },
      'transport.HeartbeatRequest': async ({ NodeID, AvailableCapacity, QueueUsedCapacity, LastOrchestratorSeqNum, Executions }, context) => {
        checkId(NodeID, context)
        const heartbeat = { available: AvailableCapacity, queued: QueueUsedCapacity, orchestratorSequence: LastOrchestratorSeqNum }
        if (!sessions.heartbeat(NodeID, heartbeat)) throw handshakeRequired(NodeID)
        const answer = position(sessions, NodeID)
        if (Executions == null) return { type: 'transport.HeartbeatResponse', payload: answer }
        const unwanted = await reconcile({ nodeId: NodeID, position: LastOrchestratorSeqNum, executions: Executions })
        const UnwantedExecutions = unwanted === undefined ? null : [...unwanted]
        return { type: 'transport.HeartbeatResponse', payload: { UnwantedExecutions, ...answer } }
      },
      'transport.UpdateNodeInfoRequest': async ({ NodeInfo }, context) => {
        checkNode(NodeInfo, context)
        if (!sessions.has(NodeInfo.NodeID)) throw handshakeRequired(NodeInfo.NodeID)
        return { type: 'transport.UpdateNodeInfoResponse', payload: await membership.updateInfo(NodeInfo) }
      },
      'transport.ShutdownNoticeRequest': ({ NodeID, LastOrchestratorSeqNum }, context) => {
        checkId(NodeID, context)
        if (!sessions.shutdown(NodeID, LastOrchestratorSeqNum)) throw handshakeRequired(NodeID)
        return Promise.resolve({ type: 'transport.ShutdownNoticeResponse', payload: position(sessions, NodeID) })
      },
    },
  })
}

function position(sessions: Sessions, id: string): MessageInput<'transport.HeartbeatResponse'> {
  return { LastComputeSeqNum: sessions.computeSequence(id) }
}

function checkNode(info: NodeInfo, context: RequestContext): void {
  checkId(info.NodeID, context)
  if (JSON.stringify(info).length > infoLimit) {
    throw new AppError('BadRequest', `the description of node ${info.NodeID} is longer than ${String(infoLimit)} bytes`)
  }
}

function checkId(id: string, { nodeId }: RequestContext): void {
  if (!isNodeId(id))
    throw new AppError('BadRequest', `${JSON.stringify(id.slice(0, 128))} is no name for a node`, { hint: 'Use letters, digits, - and _.' })
  if (id !== nodeId) throw new AppError('BadRequest', `node ${nodeId} may not speak for node ${id}`)
}

function handshakeRequired(id: string): AppError {
  return new AppError('HandshakeRequired', `node ${id} not connected - handshake required`)
}
