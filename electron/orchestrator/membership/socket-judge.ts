import { subjects as natsSubjects } from '../../../shared/wire/subjects'
import type { Logger } from '../../log/logger'
import type { NodeTable } from '../nodes/node-table'
import type { Clock, Connections } from '../ports'
import { judgeSockets } from '../presence/socket-policy'
import type { SocketEnd, SocketTable } from '../presence/socket-table'
import { createFreshList } from './fresh-list'
import type { Sessions } from './sessions'

/** What is concluded from, and whom it is told. */
export interface SocketJudgeOptions {
  readonly connections: Pick<Connections, 'list' | 'subscriptionsOf'>
  readonly sockets: SocketTable
  readonly table: NodeTable
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Logger
}

/** A connection that is this old has said what it is for: it has shaken hands or at least subscribed. Milliseconds. */
export const settledAfterMs = 300
/** Events of connections and messages of nodes come on different ways; within this time either may be ahead. Milliseconds. */
const skewMs = 100

/** Concludes from a node's connections what has become of it: cut off, back again, or in conflict with another one of its name. */
export class SocketJudge {
  readonly #options: SocketJudgeOptions
  readonly #freshList
  /** Nodes one of whose connections ended and left others: perhaps it was the one that mattered. */
  readonly #doubtful = new Set<string>()
  #stopped = false

  constructor(options: SocketJudgeOptions) {
    this.#options = options
    this.#freshList = createFreshList(() => options.connections.list())
  }

  /** One of a known node's connections has ended, and is out of the table. */
  oneGone(id: string): void {
    const { sockets } = this.#options
    if (sockets.of(id).length > 0) {
      this.#doubtful.add(id)
      return this.settle(id)
    }
    this.#doubtful.delete(id)
    const end = sockets.lastEnd(id)
    if (end !== undefined) this.#lastOneGone(id, end)
    this.#evaluate(id)
  }

  /** Finds out which of a node's connections listen to us, where that matters, and draws the conclusion. */
  settle(id: string): void {
    this.#settle(id).catch((error: unknown) => this.#options.log.warn('The NATS server did not tell what a connection is for', { node: id, error }))
  }

  /** A handshake that came at this monotonic time was accepted: the connection that it came over may have ended meanwhile. */
  handshakeDone(id: string, arrivedAt: number): void {
    const { sockets } = this.#options
    for (const { clientId } of sockets.of(id)) sockets.note(id, clientId, { settled: true })
    const end = sockets.lastEnd(id)
    if (sockets.of(id).length === 0 && end !== undefined && end.heardAt >= arrivedAt - skewMs) this.#lastOneGone(id, end)
  }

  /** What is being asked for changes nothing any more. */
  stop(): void {
    this.#stopped = true
  }

  /** The node's last connection is gone, unless the news of a newer one has yet to come. */
  #lastOneGone(id: string, end: SocketEnd): void {
    const { sockets, table, sessions, clock, log } = this.#options
    const { presence } = table.live(id)
    if (presence.kind !== 'connected' && !end.settled) return
    if (presence.kind !== 'connected' || clock.monotonic() - presence.session.handshakeAt > skewMs) return sessions.cutOff(id, end)
    this.#freshList()
      .catch((error: unknown) => {
        log.warn('The NATS server did not list its connections; the node counts as cut off', { node: id, error })
        return []
      })
      .then((live) => {
        // The server may still list what it has just told the end of; only a newer one is news.
        const isBack = live.some(({ name, clientId }) => name === id && clientId > end.clientId)
        if (!this.#stopped && sockets.of(id).length === 0 && !isBack) sessions.cutOff(id, end)
      })
      .catch((error: unknown) => log.error('A lost connection could not be told', { node: id, error }))
  }

  async #settle(id: string): Promise<void> {
    const { connections, sockets, table, clock } = this.#options
    const needed = table.live(id).presence.kind === 'cut-off' || sockets.of(id).length > 1 || this.#doubtful.has(id)
    const young = clock.monotonic() - settledAfterMs + 50
    const unknown = needed ? sockets.of(id).filter(({ takesMessages, heardAt }) => takesMessages === undefined && heardAt <= young) : []
    for (const { clientId } of unknown) {
      const subjects = await connections.subscriptionsOf(clientId)
      sockets.note(id, clientId, { takesMessages: subjects.includes(natsSubjects(id).toCompute) })
    }
    if (!this.#stopped && table.isKnown(id)) this.#evaluate(id)
  }

  #evaluate(id: string): void {
    const { sockets, table, sessions, clock } = this.#options
    const verdict = judgeSockets(table.live(id).presence.kind, sockets.of(id), this.#doubtful.has(id))
    if (verdict.isCertain) this.#doubtful.delete(id)
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
}
