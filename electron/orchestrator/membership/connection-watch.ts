import type { NatsLink } from '../../transport/link'
import type { Connections, LiveConnection } from '../ports'
import { outages } from '../presence/presence'
import { SocketJudge, settledAfterMs, type SocketJudgeOptions } from './socket-judge'

/** What connections are followed with. */
interface ConnectionWatchOptions extends SocketJudgeOptions {
  readonly connections: Connections
  readonly link: NatsLink
}

/** Follows the connections of nodes, as NATS tells of them. */
interface ConnectionWatch {
  /** To be called when a handshake has been accepted, with the monotonic time at which it arrived. */
  handshakeDone(id: string, arrivedAt: number): void
  stop(): void
}

/** The bus itself must be gone for this long until its nodes count as cut off. Milliseconds. */
const busGraceMs = 1000

/**
 * Keeps the truth of the sockets: which connections the NATS server has, by node. A node whose last connection ends is cut off at
 * once; one that comes back without a handshake, as real nodes do, is taken in again as soon as it listens; two that listen under one
 * name are a conflict. A legacy probe, which comes and goes under the node's name, changes nothing.
 */
export async function startConnectionWatch(options: ConnectionWatchOptions): Promise<ConnectionWatch> {
  const watch = new Watch(options)
  await watch.start()
  return watch
}

class Watch implements ConnectionWatch {
  readonly #options: ConnectionWatchOptions
  readonly #judge: SocketJudge
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Connections that ended while somebody waits for a list that may still name them. */
  readonly #endedMeanwhile = new Set<Set<number>>()
  #endings: readonly (() => void)[] = []
  #busLost: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: ConnectionWatchOptions) {
    this.#options = options
    this.#judge = new SocketJudge(options)
  }

  async start(): Promise<void> {
    const { connections, link } = this.#options
    let serverId = link.server?.serverId
    const unlisten = link.on((event) => {
      if (event.kind === 'disconnected') {
        this.#busLost ??= this.#later(busGraceMs, () => this.#allDeparted(outages.gone))
      } else if (event.kind === 'connected') {
        clearTimeout(this.#busLost)
        this.#busLost = undefined
        if (serverId !== event.server.serverId) this.#allDeparted(outages.restarted)
        serverId = event.server.serverId
        this.#takeStockUntilDone()
      }
    })
    const unwatch = connections.watch({
      connected: ({ clientId, name, host, at }) => this.#arrived({ clientId, name, host, since: at }),
      disconnected: ({ clientId, name, reason, at }) => this.#departed(name, clientId, reason, at),
    })
    this.#endings = [unlisten, unwatch]
    await this.#takeStock().catch(() => this.#takeStockUntilDone()) // What fails again is told there.
  }

  handshakeDone(id: string, arrivedAt: number): void {
    this.#judge.handshakeDone(id, arrivedAt)
  }

  stop(): void {
    this.#stopped = true
    this.#judge.stop()
    for (const end of this.#endings) end()
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #arrived(connection: LiveConnection): void {
    const { sockets, table, clock } = this.#options
    const { name, clientId } = connection
    sockets.add(connection, clock.monotonic())
    if (table.isKnown(name)) {
      if (table.live(name).presence.kind === 'connected') sockets.note(name, clientId, { settled: true })
      table.changed(name)
    }
    this.#later(settledAfterMs, () => {
      if (!sockets.has(name, clientId)) return
      sockets.note(name, clientId, { settled: true })
      if (!table.isKnown(name)) return
      if (table.live(name).presence.kind !== 'connected') table.changed(name)
      this.#judge.settle(name)
    })
  }

  #departed(name: string, clientId: number, reason: string, at: number): void {
    const { sockets, table, clock } = this.#options
    for (const ended of this.#endedMeanwhile) ended.add(clientId)
    const heardAt = clock.monotonic()
    if (!sockets.remove(name, clientId, { reason, at, heardAt }) || !table.isKnown(name)) return
    table.changed(name)
    this.#judge.oneGone(name)
  }

  #allDeparted(reason: string): void {
    const { sockets, clock } = this.#options
    for (const name of sockets.names()) for (const { clientId } of sockets.of(name)) this.#departed(name, clientId, reason, clock.now())
  }

  /** After a time in which events may have been missed. */
  async #takeStock(): Promise<void> {
    const { connections, sockets, clock } = this.#options
    const before = new Map(sockets.names().map((name) => [name, sockets.of(name).map(({ clientId }) => clientId)]))
    const ended = new Set<number>()
    this.#endedMeanwhile.add(ended)
    const live = await connections.list().finally(() => this.#endedMeanwhile.delete(ended))
    if (this.#stopped) return
    const alive = new Set(live.map(({ clientId }) => clientId))
    for (const [name, clientIds] of before) for (const id of clientIds) if (!alive.has(id)) this.#departed(name, id, 'Client Closed', clock.now())
    for (const connection of live)
      if (!ended.has(connection.clientId) && !sockets.has(connection.name, connection.clientId)) this.#arrived(connection)
  }

  #takeStockUntilDone(attempt = 0): void {
    this.#takeStock().catch((error: unknown) => {
      this.#options.log.warn('The NATS server did not list its connections; asking again', { error })
      this.#later(Math.min(5000, 100 * 2 ** attempt), () => this.#takeStockUntilDone(attempt + 1))
    })
  }

  #later(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this.#stopped) action()
    }, ms)
    timer.unref()
    this.#timers.add(timer)
    return timer
  }
}
