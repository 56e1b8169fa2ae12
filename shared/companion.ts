import { z } from 'zod'

/**
 * How a role host that cannot start processes itself (an Electron utility process) gets a companion: it asks whoever started it, which
 * starts the process, hands both a port to each other, and says when it ends. `id` is the host's own number for it.
 */
export const companionRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('companion.start'), id: z.number().int(), entry: z.enum(['wasm']) }),
  z.object({ kind: z.literal('companion.kill'), id: z.number().int() }),
])
/** From a role host to whoever started it. */
export type CompanionRequest = z.infer<typeof companionRequestSchema>

/** What is answered. `companion.started` carries the port; the end may come without it. */
export const companionNoticeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('companion.started'), id: z.number().int() }),
  z.object({ kind: z.literal('companion.exited'), id: z.number().int(), code: z.number().nullable(), lastLines: z.array(z.string()) }),
])
