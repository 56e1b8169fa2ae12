import { z } from 'zod'
import { readJson } from '../../shared/read-json'
import type { LinkMessage, NatsLink } from '../transport/link'

/** A connection that came. Client ids rise within one life of the server and begin anew with the next: `serverId` tells lives apart. */
export interface ConnectedEvent {
  readonly clientId: number
  readonly serverId: string
  /** The name in its CONNECT: a node's id, or empty. */
  readonly name: string
  /** Address it comes from. */
  readonly host: string
  readonly account: string
  /** Unix milliseconds. */
  readonly at: number
}

/** `$SYS.ACCOUNT.*.DISCONNECT`. */
export interface DisconnectedEvent extends ConnectedEvent {
  /** NATS's own word: `Client Closed` (also after a kill), `Stale Connection` (it hung), `Server Shutdown`, … */
  readonly reason: string
  /** When it had come, Unix milliseconds. */
  readonly since: number
}

interface ConnectionHandlers {
  connected(event: ConnectedEvent): void
  disconnected(event: DisconnectedEvent): void
}

interface WatchOptions {
  /** Only connections of this account; a refused one never gets into any of ours. */
  readonly account?: string
  /** Told when an event could not be read. */
  readonly onTrouble?: (message: string) => void
}

const text = z.string().default('')
const eventSchema = z.object({
  timestamp: text,
  server: z.object({ id: z.string() }),
  client: z.object({ id: z.number().int(), name: text, host: text, acc: text, start: text, stop: text }),
  reason: text,
})

/**
 * Tells of connections as they come and go, by the server's events for its system account (nats-server: events.go). Each once: the
 * server repeats them after a reload. For what was there before, ask `listConnections` after this; an event overtaken by that list comes late.
 */
export function watchConnections(link: NatsLink, handlers: ConnectionHandlers, { account = '*', onTrouble }: WatchOptions = {}): () => void {
  const present = new Set<number>()
  let serverId: string | undefined
  const read = (message: LinkMessage): DisconnectedEvent | undefined => {
    const event = eventSchema.safeParse(readJson(message.data))
    if (event.success) {
      if (serverId !== event.data.server.id) present.clear() // Another life of the server: its numbers begin anew.
      serverId = event.data.server.id
      return toEvent(event.data)
    }
    onTrouble?.(`An event of nats-server on ${message.subject} could not be read.`)
    return undefined
  }
  const connects = link.subscribe(`$SYS.ACCOUNT.${account}.CONNECT`, (message) => {
    const event = read(message)
    if (event === undefined || present.has(event.clientId)) return
    present.add(event.clientId)
    const { clientId, name, host, account: of, since } = event
    handlers.connected({ clientId, serverId: event.serverId, name, host, account: of, at: since })
  })
  const disconnects = link.subscribe(`$SYS.ACCOUNT.${account}.DISCONNECT`, (message) => {
    const event = read(message)
    if (event === undefined) return
    present.delete(event.clientId)
    handlers.disconnected(event)
  })
  return () => {
    connects.unsubscribe()
    disconnects.unsubscribe()
  }
}

function toEvent({ timestamp, server, client, reason }: z.infer<typeof eventSchema>): DisconnectedEvent {
  const at = timeOf(client.stop) ?? timeOf(timestamp) ?? 0
  const since = timeOf(client.start) ?? at
  return { clientId: client.id, serverId: server.id, name: client.name, host: client.host, account: client.acc, at, since, reason }
}

function timeOf(rfc3339: string): number | undefined {
  const time = Date.parse(rfc3339)
  return Number.isNaN(time) ? undefined : time
}
