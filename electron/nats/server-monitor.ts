import { z } from 'zod'
import { tryParseDuration } from '../../shared/duration'
import { AppError } from '../../shared/errors'
import { readJson } from '../../shared/read-json'
import type { NatsLink } from '../transport/link'

/** A connection as the server lists it. Times in Unix milliseconds. */
interface Connection {
  readonly clientId: number
  readonly name: string
  readonly host: string
  readonly account: string
  readonly since: number
  readonly rttMs?: number
}

/** What the server says of itself. */
export interface ServerFacts {
  readonly serverId: string
  readonly version: string
  /** Messages from and to clients since its start. */
  readonly inMessages: number
  readonly outMessages: number
  /** All accounts, ours included. */
  readonly connections: number
  readonly slowConsumers: number
  readonly memoryBytes: number
  /** Of one core. */
  readonly cpuPercent: number
  /** When it counted, Unix milliseconds. */
  readonly at: number
}

/** As many as the server lists unasked. */
const PAGE = 1024
const TIMEOUT_MS = 2000

const connectionsSchema = z.object({
  total: z.number(),
  connections: z
    .array(
      z.object({
        cid: z.number().int(),
        name: z.string().default(''),
        ip: z.string().default(''),
        account: z.string().default(''),
        start: z.string(),
        rtt: z.string().default(''),
        subscriptions_list: z.array(z.string()).default([]),
      }),
    )
    .nullish(),
})

const factsSchema = z.object({
  server_id: z.string(),
  version: z.string(),
  now: z.string(),
  in_client_msgs: z.number().optional(),
  out_client_msgs: z.number().optional(),
  in_msgs: z.number(),
  out_msgs: z.number(),
  connections: z.number(),
  slow_consumers: z.number().default(0),
  mem: z.number().default(0),
  cpu: z.number().default(0),
})

interface ListOptions {
  readonly account?: string
  /** Connections asked for at a time. */
  readonly pageSize?: number
}

/** All connections, or those of one account, by a link of the system account. Rejects with `nats.monitor`, or as `NatsLink.request`. */
export async function listConnections(link: NatsLink, { account, pageSize = PAGE }: ListOptions = {}): Promise<readonly Connection[]> {
  const found = new Map<number, Connection>()
  for (let offset = 0; ; offset += pageSize) {
    const asked = { auth: true, offset, limit: pageSize, ...(account === undefined ? {} : { acc: account }) }
    const { total, connections } = await ask(link, 'CONNZ', asked, connectionsSchema)
    for (const { cid, name, ip, account: in_, start, rtt } of connections ?? []) {
      const rttMs = tryParseDuration(rtt)
      found.set(cid, { clientId: cid, name, host: ip, account: in_, since: Date.parse(start), ...(rttMs === undefined ? {} : { rttMs }) })
    }
    if (offset + pageSize >= total) return [...found.values()]
  }
}

/** Subjects that a connection is subscribed to; empty when it is gone. Rejects as `listConnections`. */
export async function subscriptionsOf(link: NatsLink, clientId: number): Promise<readonly string[]> {
  const { connections } = await ask(link, 'CONNZ', { cid: clientId, subscriptions: true }, connectionsSchema)
  return connections?.find(({ cid }) => cid === clientId)?.subscriptions_list ?? []
}

/** Rejects as `listConnections`. */
export async function serverFacts(link: NatsLink): Promise<ServerFacts> {
  const facts = await ask(link, 'VARZ', {}, factsSchema)
  return {
    serverId: facts.server_id,
    version: facts.version,
    inMessages: facts.in_client_msgs ?? facts.in_msgs,
    outMessages: facts.out_client_msgs ?? facts.out_msgs,
    connections: facts.connections,
    slowConsumers: facts.slow_consumers,
    memoryBytes: facts.mem,
    cpuPercent: facts.cpu,
    at: Date.parse(facts.now),
  }
}

/** Messages a second in both directions between two looks at one server; 0 after a restart of it. */
export function messagesPerSecond(before: ServerFacts, after: ServerFacts): number {
  const seconds = (after.at - before.at) / 1000
  if (seconds <= 0 || before.serverId !== after.serverId) return 0
  return Math.max(0, after.inMessages + after.outMessages - before.inMessages - before.outMessages) / seconds
}

/** The `data` of an answer to `$SYS.REQ.SERVER.<id>.<what>` (nats-server: monitor.go, events.go). */
async function ask<Data>(link: NatsLink, what: 'CONNZ' | 'VARZ', body: object, schema: z.ZodType<Data>): Promise<Data> {
  const serverId = link.server?.serverId
  if (serverId === undefined) throw new AppError('nats.closed', 'There is no connection to the NATS server at this moment.')
  const answer = await link.request(`$SYS.REQ.SERVER.${serverId}.${what}`, Buffer.from(JSON.stringify(body)), { timeoutMs: TIMEOUT_MS })
  const parsed = schema.safeParse(z.object({ data: z.unknown() }).safeParse(readJson(answer.data)).data?.data)
  if (!parsed.success)
    throw new AppError('nats.monitor', `The NATS server answered ${what} in a way that is not understood.`, { cause: parsed.error })
  return parsed.data
}
