import { z } from 'zod'
import { buildVersionSchema, computeNodeInfoSchema, nodeInfoSchema, ZERO_TIME } from '../models/node'
import { resourcesSchema } from '../models/resources'
import { isGoTime } from './times'

/** Sequence numbers are uint64; ours never come near 2^53. */
const sequence = z.number().int().nonnegative().default(0)
const resources = resourcesSchema.default({})
const goTime = z
  .string()
  .refine(isGoTime, { error: ({ input }) => `parsing time ${JSON.stringify(input)} as "2006-01-02T15:04:05Z07:00": it is not RFC 3339` })

const nodeTypes: Readonly<Record<string, string>> = { compute: 'Compute', requester: 'Requester' }
const nodeType = z.string().transform((text, context) => {
  const known = text === '' ? '' : nodeTypes[text.toLowerCase()]
  if (known === undefined) context.addIssue({ code: 'custom', message: `invalid node type: ${text}` })
  return known ?? text
})

/** NodeInfo as it comes over the wire: what Go would fill in with zero values may be missing. */
export const wireNodeInfoSchema = nodeInfoSchema.extend({
  NodeID: z.string().default(''),
  NodeType: nodeType.default(''),
  ComputeNodeInfo: computeNodeInfoSchema.default({ RunningExecutions: 0, EnqueuedExecutions: 0, address: '' }),
  BacalhauVersion: buildVersionSchema.extend({ BuildDate: goTime.optional() }).nullish(),
})
const noNodeInfo = wireNodeInfoSchema.parse({})

/** The first message of a node (`messages.HandshakeRequest`). `LastOrchestratorSeqNum`: what it has dealt with. */
export const handshakeRequestSchema = z.looseObject({
  NodeInfo: wireNodeInfoSchema.default(noNodeInfo),
  /** When the node's process started: the only thing that tells two nodes of one name apart. */
  StartTime: goTime.default(ZERO_TIME),
  LastOrchestratorSeqNum: sequence,
})

/** Mind the keys: two are lower case, and the starting position is called LastOrchestratorSeqNum. */
export const handshakeResponseSchema = z.looseObject({
  accepted: z.boolean().default(false),
  reason: z.string().optional(),
  LastComputeSeqNum: sequence,
  LastOrchestratorSeqNum: sequence,
})

/** A node is alive, and has this much left (`messages.HeartbeatRequest`). */
export const heartbeatRequestSchema = z.looseObject({
  NodeID: z.string().default(''),
  AvailableCapacity: resources,
  QueueUsedCapacity: resources,
  LastOrchestratorSeqNum: sequence,
  /** Shoal's own, after a handshake: ids of the executions that the node has, as of the position beside it. */
  Executions: z.array(z.string()).nullish(),
})
/** How far the orchestrator has dealt with the node’s messages. */
export const heartbeatResponseSchema = z.looseObject({
  LastComputeSeqNum: sequence,
  /** Shoal's own answer to `Executions`: those that are not wanted; `null` when it cannot be told now. Absent: another's orchestrator. */
  UnwantedExecutions: z.array(z.string()).nullish(),
})

/** A node’s description has changed during its session. */
export const updateNodeInfoRequestSchema = z.looseObject({ NodeInfo: wireNodeInfoSchema.default(noNodeInfo) })
/** `reason`: why it is not accepted. */
export const updateNodeInfoResponseSchema = z.looseObject({ accepted: z.boolean().default(false), reason: z.string().optional() })

/** A node goes on purpose (`messages.ShutdownNoticeRequest`). */
export const shutdownNoticeRequestSchema = z.looseObject({
  NodeID: z.string().default(''),
  Reason: z.string().optional(),
  LastOrchestratorSeqNum: sequence,
})
/** As for a heartbeat. */
export const shutdownNoticeResponseSchema = z.looseObject({ LastComputeSeqNum: sequence })
