import { z } from 'zod'
import { resourcesSchema } from './resources'

const noList = z.array(z.string()).nullish()
/** RFC 3339 with up to nine fraction digits; Go's zero time is `0001-01-01T00:00:00Z`. */
const goTime = z.string()
/** Go’s zero time: never. */
export const ZERO_TIME = '0001-01-01T00:00:00Z'

/** A program’s version, as Bacalhau’s Go builds tell it (`models.BuildVersionInfo`). */
export const buildVersionSchema = z.looseObject({
  Major: z.string().optional(),
  Minor: z.string().optional(),
  GitVersion: z.string().optional(),
  GitCommit: z.string().optional(),
  BuildDate: goTime.optional(),
  GOOS: z.string().optional(),
  GOARCH: z.string().optional(),
})
/** `GitVersion` is what people call the version: `v1.7.0`. */
export type BuildVersion = z.infer<typeof buildVersionSchema>

/** What a compute node offers and uses (`models.ComputeNodeInfo`); Go’s empty lists are `null`. */
export const computeNodeInfoSchema = z.looseObject({
  ExecutionEngines: noList,
  Publishers: noList,
  StorageSources: noList,
  MaxCapacity: resourcesSchema.nullish(),
  /** What jobs waiting on the node ask for (Go: QueueUsedCapacity). */
  QueueCapacity: resourcesSchema.nullish(),
  AvailableCapacity: resourcesSchema.nullish(),
  MaxJobRequirements: resourcesSchema.nullish(),
  RunningExecutions: z.number().int().default(0),
  EnqueuedExecutions: z.number().int().default(0),
  address: z.string().default(''),
})

/** Bacalhau's NodeInfo, as it travels in a handshake and in the API. */
export const nodeInfoSchema = z.looseObject({
  NodeID: z.string(),
  NodeType: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
  SupportedProtocols: noList,
  ComputeNodeInfo: computeNodeInfoSchema,
  BacalhauVersion: buildVersionSchema.nullish(),
})
/** What a node tells of itself. */
export type NodeInfo = z.infer<typeof nodeInfoSchema>

/** Bacalhau’s words for whether a node may have work. */
export type Membership = 'PENDING' | 'APPROVED' | 'REJECTED'

/** A node’s connection by its heartbeats (`models.ConnectionState`). */
export const connectionStateSchema = z.looseObject({
  Status: z.string(),
  LastHeartbeat: goTime.default(ZERO_TIME),
  LastComputeSeqNum: z.number().optional(),
  LastOrchestratorSeqNum: z.number().optional(),
  ConnectedSince: goTime.default(ZERO_TIME),
  DisconnectedSince: goTime.default(ZERO_TIME),
  LastError: z.string().optional(),
})
/** Times as Go writes them; `ZERO_TIME` for never. */
export type ConnectionState = z.infer<typeof connectionStateSchema>

/** Bacalhau's NodeState: a row of `GET /api/v1/orchestrator/nodes`. */
export const nodeStateSchema = z.looseObject({
  Info: nodeInfoSchema,
  Membership: z.string().default(''),
  Connection: z.string().default(''),
  ConnectionState: connectionStateSchema,
})
/** The orchestrator’s opinion of a node. */
export type NodeState = z.infer<typeof nodeStateSchema>
