import type { OrchestratorFacts } from '../../../shared/http/feed'
import type { Logger } from '../../log/logger'
import type { Feed } from './feed'
import type { NodeTable } from '../nodes/node-table'
import type { Clock, Connections, HostFacts, Refusals, ServerFacts } from '../ports'
import type { SocketTable } from '../presence/socket-table'

interface FactsOptions {
  readonly nodeId: string
  readonly host: () => HostFacts
  readonly connections: Connections
  readonly refusals: Refusals
  readonly clock: Clock
  readonly log: Logger
}

/** What the NATS server is asked for now and then, and never while nobody reads. Milliseconds. */
const facts = { fresh: 1000, pollEvery: 2000, rttEvery: 10_000 }

/** The orchestrator's own facts, as fresh as somebody reads them. */
export class FactsPoll {
  readonly #options: FactsOptions
  #server: ServerFacts = { serverId: '', version: '', messagesPerSecond: 0, connections: 0 }
  #askedAt = Number.NEGATIVE_INFINITY
  #rttAskedAt = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(options: FactsOptions) {
    this.#options = options
  }

  current(): OrchestratorFacts {
    const { nodeId, refusals } = this.#options
    const host = this.#options.host()
    return { nodeId, version: host.version, startedAt: host.startedAt, nats: { ...host.nats, ...this.#server }, refusals: [...refusals.list()] }
  }

  /** Asks the NATS server anew unless the answer would be hardly a second old. A server that does not answer leaves the facts as they are. */
  freshen(): Promise<void> {
    if (this.#options.clock.monotonic() - this.#askedAt < facts.fresh) return Promise.resolve()
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined))
    return this.#asking
  }

  /** Keeps the facts and round-trip times fresh while the feed has readers. */
  start(feed: Feed, table: NodeTable, sockets: SocketTable): void {
    let told = JSON.stringify(this.current())
    const poll = async (): Promise<void> => {
      if (feed.readers === 0) return
      await this.freshen()
      await this.#measure(table, sockets)
      const now = JSON.stringify(this.current())
      if (now !== told) feed.factsChanged()
      told = now
    }
    this.#timer = setInterval(() => {
      poll().catch((error: unknown) => this.#options.log.warn('The NATS server did not tell of itself', { error }))
    }, facts.pollEvery)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #ask(): Promise<void> {
    try {
      this.#server = await this.#options.connections.facts()
      this.#askedAt = this.#options.clock.monotonic()
    } catch (error) {
      this.#options.log.debug('The NATS server did not tell of itself', { error })
    }
  }

  /** A change that nobody could see is not worth a row. */
  async #measure(table: NodeTable, sockets: SocketTable): Promise<void> {
    const now = this.#options.clock.monotonic()
    if (now - this.#rttAskedAt < facts.rttEvery) return
    this.#rttAskedAt = now
    for (const { name, clientId, rttMs } of await this.#options.connections.list()) {
      const before = sockets.of(name).find((socket) => socket.clientId === clientId)
      if (before === undefined || rttMs === undefined || Math.abs(rttMs - (before.rttMs ?? 0)) < 0.2 + rttMs / 5) continue
      sockets.note(name, clientId, { rttMs })
      if (table.isKnown(name)) table.changed(name)
    }
  }
}
