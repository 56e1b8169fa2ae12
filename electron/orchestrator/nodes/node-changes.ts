import { z } from 'zod'
import { nodeInfoSchema } from '../../../shared/models/node'

const at = z.number()
/** Whether a node may have work. */
const membershipSchema = z.enum(['PENDING', 'APPROVED', 'REJECTED'])

/** How a node was last seen; what the list shows of it after a restart. Times are Unix milliseconds. */
const lastSeenSchema = z.object({
  connected: z.boolean(),
  connectedSince: at.optional(),
  disconnectedSince: at.optional(),
  lastHeartbeat: at.optional(),
  lastError: z.string().optional(),
  /** The last event of ours that the node has taken, and the last of its own that we have. */
  orchestratorSequence: z.number().int().nonnegative(),
  computeSequence: z.number().int().nonnegative(),
})
/** How a node was last seen. */
export type LastSeen = z.infer<typeof lastSeenSchema>

/** One change to what is known of the nodes. A ledger record holds all changes of one or several transactions. */
export const nodeChangeSchema = z.discriminatedUnion('kind', [
  /** `info` without what changes from heartbeat to heartbeat. */
  z.object({ kind: z.literal('node.registered'), at, info: nodeInfoSchema, membership: membershipSchema }),
  z.object({ kind: z.literal('node.info'), at, info: nodeInfoSchema }),
  z.object({ kind: z.literal('node.membership'), at, id: z.string(), membership: membershipSchema, message: z.string().optional() }),
  z.object({ kind: z.literal('node.seen'), at, id: z.string(), seen: lastSeenSchema }),
  z.object({ kind: z.literal('node.deleted'), at, id: z.string() }),
])
/** One change to what is known of the nodes. */
export type NodeChange = z.infer<typeof nodeChangeSchema>

/** A record of the ledger about nodes. */
export const nodeRecordSchema = z.object({ changes: z.array(nodeChangeSchema) })
