import { subjects as natsSubjects } from '../../../shared/wire/subjects'
import type { NatsLink } from '../../transport/link'
import type { Logger } from '../../log/logger'
import type { NodeTable } from '../nodes/node-table'
import type { Clock, Connections, LiveConnection } from '../ports'
import { outages } from '../presence/presence'
import type { Sessions } from './sessions'
import { judgeSockets } from '../presence/socket-policy'
import type { SocketEnd, SocketTable } from '../presence/socket-table'

export interface ConnectionWatchOptions {
  readonly connections: Connections
  readonly link: NatsLink
  readonly sockets: SocketTable
  readonly table: NodeTable
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Logger
}

/** Follows the connections of nodes, as NATS tells of them. */
export interface ConnectionWatch {
  /** To be called when a handshake has been accepted, with the monotonic time at which it arrived. */
  handshakeDone(id: string, arrivedAt: number): void
  stop(): void
}

/** A connection that is this old has said what it is for: it has shaken hands or at least subscribed. Milliseconds. */
const settledAfterMs = 300
/** Events of connections and messages of nodes come on different ways; within this time either may be ahead. Milliseconds. */
const skewMs = 100
/** The bus itself must be gone for this long until its nodes count as cut off. Milliseconds. */
const busGraceMs = 1000

/**
 * Keeps the truth of the sockets: which connections the NATS server has, by node. A node whose last connection ends is cut off at
 * once; one that comes back without a handshake, as real nodes do, is taken in again as soon as it listens; two that listen under one
 * name are a conflict. A legacy probe, which comes and goes under the node's name, changes nothing.
 */
export async function startConnectionWatch(options: ConnectionWatchOptions): Promise<ConnectionWatch> {
  const { connections, link, sockets, table, sessions, clock, log } = options
  const timers = new Set<NodeJS.Timeout>()
  let stopped = false
  let current = Promise.resolve()
  let next: Promise<readonly LiveConnection[]> | undefined
  /** Connections that ended while somebody waits for a list that may still name them. */
  const endedMeanwhile = new Set<Set<number>>()
  /** Nodes one of whose connections ended and left others: perhaps it was the one that mattered. */
  const doubtful = new Set<string>()

  const later = (ms: number, action: () => void): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (!stopped) action()
    }, ms)
    timer.unref()
    timers.add(timer)
    return timer
  }

  /** A list that was begun after this call; one answers everybody who waits for it. */
  const freshList = (): Promise<readonly LiveConnection[]> => {
    next ??= current.then(() => {
      const asked = connections.list()
      next = undefined
      current = asked.then(
        () => undefined,
        () => undefined,
      )
      return asked
    })
    return next
  }

  /** The node's last connection is gone, unless the news of a newer one has yet to come. */
  const lastOneGone = (id: string, end: SocketEnd): void => {
    const { presence } = table.live(id)
    if (presence.kind !== 'connected' && !end.settled) return
    if (presence.kind !== 'connected' || clock.monotonic() - presence.session.handshakeAt > skewMs) return sessions.cutOff(id, end)
    freshList()
      .catch((error: unknown) => {
        log.warn('The NATS server did not list its connections; the node counts as cut off', { node: id, error })
        return []
      })
      .then((live) => {
        // The server may still list what it has just told the end of; only a newer one is news.
        const isBack = live.some(({ name, clientId }) => name === id && clientId > end.clientId)
        if (!stopped && sockets.of(id).length === 0 && !isBack) sessions.cutOff(id, end)
      })
      .catch((error: unknown) => log.error('A lost connection could not be told', { node: id, error }))
  }

  /** Finds out which of a node's connections listen to us, where that matters. */
  const settle = async (id: string): Promise<void> => {
    const needed = table.live(id).presence.kind === 'cut-off' || sockets.of(id).length > 1 || doubtful.has(id)
    const young = clock.monotonic() - settledAfterMs + 50
    const unknown = needed ? sockets.of(id).filter(({ takesMessages, heardAt }) => takesMessages === undefined && heardAt <= young) : []
    for (const { clientId } of unknown) {
      const subjects = await connections.subscriptionsOf(clientId)
      sockets.note(id, clientId, { takesMessages: subjects.includes(natsSubjects(id).toCompute) })
    }
    if (!stopped && table.isKnown(id)) evaluate(id)
  }

  const evaluate = (id: string): void => {
    const verdict = judgeSockets(table.live(id).presence.kind, sockets.of(id), doubtful.has(id))
    if (verdict.isCertain) doubtful.delete(id)
    const end = sockets.lastEnd(id)
    if (verdict.rejoins) sessions.rejoin(id)
    if (verdict.isCutOff && end !== undefined) sessions.cutOff(id, end)
    table.update(id, (now) => {
      const { rivals } = verdict
      if (rivals.length === 0 && now.conflict === undefined) return now
      const { conflict: before, ...live } = now
      if (rivals.length === 0) return live
      const since = before?.since ?? clock.now()
      return { ...live, conflict: { since, hosts: rivals.map(({ host }) => host), clientIds: rivals.map(({ clientId }) => clientId) } }
    })
  }

  const settleSafely = (id: string): void => {
    settle(id).catch((error: unknown) => log.warn('The NATS server did not tell what a connection is for', { node: id, error }))
  }

  const arrived = (connection: LiveConnection): void => {
    const { name, clientId } = connection
    sockets.add(connection, clock.monotonic())
    if (table.isKnown(name)) {
      if (table.live(name).presence.kind === 'connected') sockets.note(name, clientId, { settled: true })
      table.changed(name)
    }
    later(settledAfterMs, () => {
      if (!sockets.has(name, clientId)) return
      sockets.note(name, clientId, { settled: true })
      if (!table.isKnown(name)) return
      if (table.live(name).presence.kind !== 'connected') table.changed(name)
      settleSafely(name)
    })
  }

  const departed = (name: string, clientId: number, reason: string, at: number): void => {
    for (const ended of endedMeanwhile) ended.add(clientId)
    const heardAt = clock.monotonic()
    if (!sockets.remove(name, clientId, { reason, at, heardAt }) || !table.isKnown(name)) return
    table.changed(name)
    const end = sockets.lastEnd(name)
    if (sockets.of(name).length > 0) {
      doubtful.add(name)
      return settleSafely(name)
    }
    doubtful.delete(name)
    if (end !== undefined) lastOneGone(name, end)
    evaluate(name)
  }

  const allDeparted = (reason: string): void => {
    for (const name of sockets.names()) for (const { clientId } of sockets.of(name)) departed(name, clientId, reason, clock.now())
  }

  /** After a time in which events may have been missed. */
  const takeStock = async (): Promise<void> => {
    const before = new Map(sockets.names().map((name) => [name, sockets.of(name).map(({ clientId }) => clientId)]))
    const ended = new Set<number>()
    endedMeanwhile.add(ended)
    const live = await connections.list().finally(() => endedMeanwhile.delete(ended))
    if (stopped) return
    const alive = new Set(live.map(({ clientId }) => clientId))
    for (const [name, clientIds] of before) for (const id of clientIds) if (!alive.has(id)) departed(name, id, 'Client Closed', clock.now())
    for (const connection of live) if (!ended.has(connection.clientId) && !sockets.has(connection.name, connection.clientId)) arrived(connection)
  }

  const takeStockUntilDone = (attempt = 0): void => {
    takeStock().catch((error: unknown) => {
      log.warn('The NATS server did not list its connections; asking again', { error })
      later(Math.min(5000, 100 * 2 ** attempt), () => takeStockUntilDone(attempt + 1))
    })
  }

  let busLost: NodeJS.Timeout | undefined
  let serverId = link.server?.serverId
  const unlisten = link.on((event) => {
    if (event.kind === 'disconnected') {
      busLost ??= later(busGraceMs, () => allDeparted(outages.gone))
    } else if (event.kind === 'connected') {
      clearTimeout(busLost)
      busLost = undefined
      if (serverId !== event.server.serverId) allDeparted(outages.restarted)
      serverId = event.server.serverId
      takeStockUntilDone()
    }
  })
  const unwatch = connections.watch({
    connected: ({ clientId, name, host, at }) => arrived({ clientId, name, host, since: at }),
    disconnected: ({ clientId, name, reason, at }) => departed(name, clientId, reason, at),
  })
  await takeStock().catch(() => takeStockUntilDone())

  return {
    handshakeDone: (id, arrivedAt) => {
      for (const { clientId } of sockets.of(id)) sockets.note(id, clientId, { settled: true })
      const end = sockets.lastEnd(id)
      if (sockets.of(id).length === 0 && end !== undefined && end.heardAt >= arrivedAt - skewMs) lastOneGone(id, end)
    },
    stop: () => {
      stopped = true
      unlisten()
      unwatch()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
