import type { NodeInfo } from '../../../shared/models/node'
import type { Resources } from '../../../shared/models/resources'
import { subjects } from '../../../shared/wire/subjects'
import type { NatsLink } from '../../transport/link'
import { requestTyped } from '../../transport/ncl/requester'

/** What an orchestrator answers to a handshake. */
type HandshakeAnswer =
  /** `position`: the sequence number after which the orchestrator goes on sending. */
  { readonly accepted: true; readonly position: number } | { readonly accepted: false; readonly reason: string }

/** What a heartbeat tells. */
interface Beat {
  readonly available: Resources
  readonly queued: Resources
  /** The orchestrator's last message that was dealt with. */
  readonly position: number
  /** Ids of all executions that the node has after that message; undefined where that is not to be told. */
  readonly executions?: readonly string[] | undefined
}

/** `unwanted`: of the executions that were told, those to be ended; `later` when the orchestrator cannot say now, undefined when it never does. */
interface BeatAnswer {
  readonly unwanted: readonly string[] | 'later' | undefined
}

/** The control messages of one node. All reject with the link's errors, or with the code of a `BacError`. */
export interface OrchestratorTalk {
  shakeHands(link: NatsLink, info: NodeInfo, position: number): Promise<HandshakeAnswer>
  heartbeat(link: NatsLink, beat: Beat, timeoutMs: number): Promise<BeatAnswer>
  updateInfo(link: NatsLink, info: NodeInfo): Promise<{ readonly accepted: boolean; readonly reason: string }>
  noticeShutdown(link: NatsLink, position: number, timeoutMs: number): Promise<void>
}

const TIMEOUT_MS = 10_000

/** @param startTime when this process began, RFC 3339: the one thing that tells two nodes of one id apart */
export function createTalk(nodeId: string, startTime: string): OrchestratorTalk {
  const { control } = subjects(nodeId)
  return {
    shakeHands: async (link, info, position) => {
      const payload = { NodeInfo: info, StartTime: startTime, LastOrchestratorSeqNum: position }
      const answer = await requestTyped(
        link,
        control,
        { type: 'transport.HandshakeRequest', payload, source: nodeId, timeoutMs: TIMEOUT_MS },
        'transport.HandshakeResponse',
      )
      if (!answer.accepted) return { accepted: false, reason: answer.reason ?? '' }
      return { accepted: true, position: answer.LastOrchestratorSeqNum }
    },
    heartbeat: async (link, { available, queued, position, executions }, timeoutMs) => {
      const told = executions === undefined ? {} : { Executions: executions }
      const payload = { NodeID: nodeId, AvailableCapacity: available, QueueUsedCapacity: queued, LastOrchestratorSeqNum: position, ...told }
      const request = { type: 'transport.HeartbeatRequest', payload, source: nodeId, timeoutMs }
      const { UnwantedExecutions } = await requestTyped(link, control, request, 'transport.HeartbeatResponse')
      return { unwanted: UnwantedExecutions === null ? 'later' : UnwantedExecutions }
    },
    updateInfo: async (link, info) => {
      const request = { type: 'transport.UpdateNodeInfoRequest', payload: { NodeInfo: info }, source: nodeId, timeoutMs: TIMEOUT_MS }
      const { accepted, reason } = await requestTyped(link, control, request, 'transport.UpdateNodeInfoResponse')
      return { accepted, reason: reason ?? '' }
    },
    noticeShutdown: async (link, position, timeoutMs) => {
      const payload = { NodeID: nodeId, LastOrchestratorSeqNum: position }
      await requestTyped(
        link,
        control,
        { type: 'transport.ShutdownNoticeRequest', payload, source: nodeId, timeoutMs },
        'transport.ShutdownNoticeResponse',
      )
    },
  }
}
