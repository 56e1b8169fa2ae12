import { z } from 'zod'
import { nodeStateSchema } from './node'
import { resourcesSchema } from './resources'

/** A node's NATS connection, as the server sees it now. Times are Unix milliseconds. */
const socketSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('up'), since: z.number(), clientId: z.number(), host: z.string(), rttMs: z.number().optional() }),
  /** `stopped`: a shutdown notice came first; `lost`: it did not. `reason` is NATS's own word (`Client Closed`, `Stale Connection`). */
  z.object({ kind: z.enum(['stopped', 'lost']), at: z.number(), since: z.number(), reason: z.string() }),
  z.object({ kind: z.literal('none') }),
  /** A foreign orchestrator does not tell. */
  z.object({ kind: z.literal('unknown') }),
])
/** What NATS knows of a node’s connection. */
export type Socket = z.infer<typeof socketSchema>

/** Two live connections under one node name: a cloned machine, or somebody else's node. */
const conflictSchema = z.object({ since: z.number(), hosts: z.array(z.string()), clientIds: z.array(z.number()) })
/** Since when, from where (hosts), and NATS’s numbers of both connections. */
export type Conflict = z.infer<typeof conflictSchema>

/** What an orchestrator has given a node to do, by its own books: ahead of what the node tells with its heartbeats. */
const nodeWorkSchema = z.object({
  /** Executions that the node runs, or keeps in its own queue. */
  running: z.number().int(),
  /** How many of `running` wait in the node's own queue. */
  queued: z.number().int().optional(),
  /** Executions that the node has not answered yet. */
  asked: z.number().int(),
  /** What all of them take. */
  inUse: resourcesSchema,
  /** What of `inUse` is for those that are queued or asked for. */
  waiting: resourcesSchema.optional(),
  /** What the node uses beside them, as it told last: work that this orchestrator gave up, or another one's. */
  beside: resourcesSchema.optional(),
})
/** Cores and bytes, by the orchestrator’s own books. */
export type NodeWork = z.infer<typeof nodeWorkSchema>

/** One node with both truths: the orchestrator's opinion (`state`) and the socket (`socket`). */
export const nodeRowSchema = z.object({
  state: nodeStateSchema,
  socket: socketSchema,
  conflict: conflictSchema.optional(),
  /** When the orchestrator turns DISCONNECTED if no heartbeat comes (Unix ms); absent when that clock does not run. */
  disconnectsAt: z.number().optional(),
  /** Absent where the orchestrator does not tell. */
  work: nodeWorkSchema.optional(),
})
/** A node as lists and the feed tell of it. */
export type NodeRow = z.infer<typeof nodeRowSchema>
