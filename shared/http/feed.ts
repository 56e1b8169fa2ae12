import { z } from 'zod'
import { nodeRowSchema } from '../models/node-row'

/** `start` changes with every start of the orchestrator, `counter` with every change: together they name one state of the feed. */
export const revisionSchema = z.object({ start: z.string(), counter: z.number().int() })
/** One state of the feed. */
export type Revision = z.infer<typeof revisionSchema>

/** A connection that the gate refused, with the reason the client is never told. Never holds the token itself. */
export const refusalSchema = z.object({
  at: z.number(),
  node: z.string(),
  host: z.string(),
  /** `wrong-token`, `no-token`, `bad-name`, … */
  reason: z.string(),
  /** First four hex digits of the SHA-256 of the token that was shown, if any. */
  fingerprint: z.string().optional(),
  count: z.number().int(),
})
/** The newest of `count` refusals that are alike in node, host and reason; `at` in Unix milliseconds. */
export type Refusal = z.infer<typeof refusalSchema>

/** What the orchestrator says of itself, beside its nodes. */
export const orchestratorFactsSchema = z.object({
  nodeId: z.string(),
  version: z.string(),
  startedAt: z.number().int(),
  nats: z.object({
    serverId: z.string(),
    version: z.string(),
    /** `host:port` it listens on. */
    address: z.string(),
    websocketAddress: z.string().optional(),
    advertised: z.string().optional(),
    tls: z.boolean(),
    tokenRequired: z.boolean(),
    /** Messages per second, both directions, over the last seconds. */
    messagesPerSecond: z.number(),
    rttMs: z.number().optional(),
    connections: z.number().int(),
  }),
  refusals: z.array(refusalSchema),
})
/** Sent with every snapshot, and with changes when it has changed. */
export type OrchestratorFacts = z.infer<typeof orchestratorFactsSchema>

/** `GET /api/v1/shoal/nodes`: everything a reader of the feed starts from. */
export const feedSnapshotSchema = z.object({
  revision: revisionSchema,
  orchestrator: orchestratorFactsSchema,
  nodes: z.array(nodeRowSchema),
})
/** Everything at one revision. */
export type FeedSnapshot = z.infer<typeof feedSnapshotSchema>

/**
 * One server-sent event of `GET /api/v1/shoal/events`; its SSE `id` is `start:counter`, its SSE `event` is `kind`.
 * Counters rise by exactly one: a gap means that the reader must ask for the snapshot again.
 */
export const feedEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), revision: revisionSchema, orchestrator: orchestratorFactsSchema, nodes: z.array(nodeRowSchema) }),
  z.object({ kind: z.literal('nodes'), revision: revisionSchema, changed: z.array(nodeRowSchema), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('orchestrator'), revision: revisionSchema, orchestrator: orchestratorFactsSchema }),
])
/** One server-sent event of the feed. */
export type FeedEvent = z.infer<typeof feedEventSchema>
