import { z } from 'zod'
import { nodeStateSchema } from './node'

/** A node's NATS connection, as the server sees it now. Times are Unix milliseconds. */
export const socketSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('up'), since: z.number(), clientId: z.number(), host: z.string(), rttMs: z.number().optional() }),
  /** `stopped`: a shutdown notice came first; `lost`: it did not. `reason` is NATS's own word (`Client Closed`, `Stale Connection`). */
  z.object({ kind: z.enum(['stopped', 'lost']), at: z.number(), since: z.number(), reason: z.string() }),
  z.object({ kind: z.literal('none') }),
  /** A foreign orchestrator does not tell. */
  z.object({ kind: z.literal('unknown') }),
])
export type Socket = z.infer<typeof socketSchema>

/** Two live connections under one node name: a cloned machine, or somebody else's node. */
export const conflictSchema = z.object({ since: z.number(), hosts: z.array(z.string()), clientIds: z.array(z.number()) })
export type Conflict = z.infer<typeof conflictSchema>

/** One node with both truths: the orchestrator's opinion (`state`) and the socket (`socket`). */
export const nodeRowSchema = z.object({
  state: nodeStateSchema,
  socket: socketSchema,
  conflict: conflictSchema.optional(),
  /** When the orchestrator turns DISCONNECTED if no heartbeat comes (Unix ms); absent when that clock does not run. */
  disconnectsAt: z.number().optional(),
})
export type NodeRow = z.infer<typeof nodeRowSchema>
