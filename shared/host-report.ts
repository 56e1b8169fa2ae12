import { z } from 'zod'
import { computeConnectionSchema } from './http/routes'

const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.string()).optional(),
})

const stepNames = ['data-directory', 'ports', 'nats-server', 'state-log', 'api', 'handshake', 'heartbeat'] as const
/** A step of a role host’s start; the window has words for each. */
export type StepName = (typeof stepNames)[number]

/**
 * What a role host tells whoever started it, over its message channel (process.send in plain Node, parentPort in a
 * utility process). Only what a parent needs before the HTTP API answers, or when it never will.
 */
export const hostReportSchema = z.discriminatedUnion('kind', [
  /** A named step of the start: begun, done after `ms`, or failed. `detail` is shown beside it ("4222 NATS, 1234 API"). */
  z.object({
    kind: z.literal('step'),
    step: z.enum(stepNames),
    status: z.enum(['begun', 'done', 'failed']),
    detail: z.string(),
    ms: z.number().optional(),
  }),
  /** The API answers; the roles run. Ports are the real ones. */
  z.object({
    kind: z.literal('ready'),
    nodeId: z.string(),
    roles: z.array(z.enum(['orchestrator', 'compute'])),
    apiUrl: z.string(),
    nats: z.object({ host: z.string(), port: z.number(), websocketPort: z.number().optional(), pid: z.number() }).optional(),
    /** Said to the person, e.g. "Port 4222 is taken by nginx (pid 71); NATS listens on 4223." */
    notices: z.array(z.string()),
  }),
  z.object({ kind: z.literal('compute'), connection: computeConnectionSchema }),
  /** The answer to the order `reload`: what may change while the host runs holds now, or `failure` says why all is as before. */
  z.object({ kind: z.literal('reloaded'), failure: failureSchema.optional() }),
  /** The host cannot start, or cannot go on; it exits right after. */
  z.object({ kind: z.literal('failed'), failure: failureSchema }),
])
/** From a role host to its parent. */
export type HostReport = z.infer<typeof hostReportSchema>

/** What a parent may say to a role host. The end of the channel means the parent is gone: the host then stops by itself. */
export const hostOrderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop') }),
  /** The configuration file has changed: take over the keys whose effect is `live` or `reconnect`. */
  z.object({ kind: z.literal('reload') }),
])
/** From a parent to its role host. */
export type HostOrder = z.infer<typeof hostOrderSchema>
