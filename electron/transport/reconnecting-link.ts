import { displayAddress, type NatsAddress } from '../../shared/address'
import { AppError, toFailure } from '../../shared/errors'
import { classifyFailure, refusal } from './connect-failure'
import type { Connection, ConnectionNotice, Login } from './connection'
import { inboxName } from './inbox-name'
import type { LinkEvent, LinkMessage, LinkServer, NatsLink } from './link'
import type { TransportLog } from './log'
import { pause } from './pause'
import { attemptTimeoutMs } from './reconnect-policy'
import { createRequestInbox } from './request-inbox'
import { reconnectOrder, withDiscovered, type ServerPool } from './server-pool'

/** A connection and what it was made with. */
export interface Opened {
  readonly connection: Connection
  readonly address: NatsAddress
}

export interface LinkParts {
  readonly pool: ServerPool
  /** One attempt at one server; rejects with what was thrown. */
  readonly open: (address: NatsAddress, pool: ServerPool, timeoutMs: number, notify: (notice: ConnectionNotice) => void) => Promise<Opened>
  readonly loginAt: (address: NatsAddress) => Login
  readonly connectTimeoutMs: number
  readonly delayMs: (attempt: number) => number
  readonly refusedDelayMs: (refusals: number) => number
  readonly log: TransportLog
}

interface Subscription {
  readonly subject: string
  readonly handler: (message: LinkMessage) => void
  live: { unsubscribe(): void } | undefined
}

interface Unsent {
  readonly bytes: number
  readonly isWanted: () => boolean
  readonly send: (connection: Connection) => void
}

/** What is published while there is no connection is kept up to this size and sent after the next connect (as nats.go). */
const unsentLimit = 8 * 1024 * 1024

/** A `NatsLink` that replaces its connection whenever it ends, until it is closed. `start` takes the first connection. */
export class ReconnectingLink implements NatsLink {
  private readonly listeners = new Set<(event: LinkEvent) => void>()
  private readonly subscriptions = new Set<Subscription>()
  private readonly inbox = createRequestInbox(inboxName())
  private readonly stopped = new AbortController()
  private pool: ServerPool
  private current: Opened | undefined
  private lastAddress: NatsAddress | undefined
  private unsent: Unsent[] = []
  private unsentBytes = 0
  private inboxSubscribed = false

  constructor(private readonly parts: LinkParts) {
    this.pool = parts.pool
  }

  /** The notices of the connection that is being opened or is in use. */
  readonly notice = (notice: ConnectionNotice): void => {
    if (notice.kind === 'info') this.readPool()
    else if (notice.kind === 'leaving') this.moveAway()
    else this.parts.log.warn('NATS server reported an error', { error: notice.error.message })
  }

  start(opened: Opened): void {
    const { connection, address } = opened
    this.current = opened
    this.lastAddress = address
    for (const subscription of this.subscriptions) this.subscribeLive(subscription, connection)
    const unsent = this.unsent
    this.unsent = []
    this.unsentBytes = 0
    for (const item of unsent) if (item.isWanted()) item.send(connection)
    void connection.ended.then((error) => this.lost(opened, error))
    if (this.server !== undefined) this.emit({ kind: 'connected', server: this.server })
    this.readPool(true)
  }

  get server(): LinkServer | undefined {
    if (this.current === undefined) return undefined
    const { connection, address } = this.current
    const { serverId, serverName, version, clientId } = connection.facts
    return { address: displayAddress(address), serverId, serverName, version, clientId, tls: connection.tls }
  }

  get servers(): { readonly configured: readonly string[]; readonly discovered: readonly string[] } {
    return { configured: this.pool.configured.map(displayAddress), discovered: this.pool.discovered.map(displayAddress) }
  }

  publish(subject: string, data: Uint8Array, options: { readonly reply?: string; readonly headers?: Readonly<Record<string, string>> } = {}): void {
    this.send({ bytes: data.length, isWanted: () => true, send: (connection) => this.publishOn(connection, subject, data, options) })
  }

  subscribe(subject: string, handler: (message: LinkMessage) => void): { unsubscribe(): void } {
    this.refuseWhenClosed()
    const subscription: Subscription = { subject, handler, live: undefined }
    this.subscriptions.add(subscription)
    if (this.current !== undefined) this.subscribeLive(subscription, this.current.connection)
    return {
      unsubscribe: () => {
        this.subscriptions.delete(subscription)
        subscription.live?.unsubscribe()
        subscription.live = undefined
      },
    }
  }

  async request(
    subject: string,
    data: Uint8Array,
    { timeoutMs, headers }: { readonly timeoutMs: number; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<LinkMessage> {
    this.refuseWhenClosed()
    if (!this.inboxSubscribed) {
      this.inboxSubscribed = true
      this.subscribe(this.inbox.wildcard, (message) => this.inbox.deliver(message))
    }
    const expected = this.inbox.expect(subject, timeoutMs)
    try {
      this.send({
        bytes: data.length,
        isWanted: () => expected.isOpen(),
        send: (connection) => this.publishOn(connection, subject, data, { reply: expected.reply, ...(headers === undefined ? {} : { headers }) }),
      })
    } catch (error) {
      const failure = toFailure(error)
      expected.fail(new AppError(failure.code, failure.message, failure))
    }
    return expected.answer
  }

  newInbox(): string {
    return inboxName()
  }

  async flush(): Promise<void> {
    await this.connectionNow().flush()
  }

  async rttMs(): Promise<number> {
    const connection = this.connectionNow()
    const start = performance.now()
    await connection.flush()
    return performance.now() - start
  }

  on(listener: (event: LinkEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async drain(): Promise<void> {
    await this.end((connection) => connection.drain())
  }

  async close(): Promise<void> {
    await this.end((connection) => connection.close())
  }

  private async end(finish: (connection: Connection) => Promise<void>): Promise<void> {
    if (this.stopped.signal.aborted) return
    this.stopped.abort()
    const connection = this.current?.connection
    this.unsent = []
    try {
      if (connection !== undefined) await finish(connection)
    } catch (error) {
      this.parts.log.debug('NATS connection did not end cleanly', { error: toFailure(error).message })
    }
    this.current = undefined
    this.inbox.failAll(closedError())
    this.emit({ kind: 'closed' })
    this.listeners.clear()
  }

  private connectionNow(): Connection {
    this.refuseWhenClosed()
    if (this.current === undefined)
      throw new AppError('nats.disconnected', 'There is no connection to a NATS server at the moment.', {
        hint: 'It is being made again; try later.',
      })
    return this.current.connection
  }

  private refuseWhenClosed(): void {
    if (this.stopped.signal.aborted) throw closedError()
  }

  private send(item: Unsent): void {
    this.refuseWhenClosed()
    if (this.current !== undefined) return item.send(this.current.connection)
    if (this.unsentBytes + item.bytes > unsentLimit) {
      throw new AppError('nats.disconnected', 'There is no connection to a NATS server, and no room to keep more messages for it.', {
        hint: 'Send it again once the connection is back.',
      })
    }
    this.unsent.push(item)
    this.unsentBytes += item.bytes
  }

  private publishOn(
    connection: Connection,
    subject: string,
    data: Uint8Array,
    options: { readonly reply?: string; readonly headers?: Readonly<Record<string, string>> },
  ): void {
    const { maxPayload } = connection.facts
    if (maxPayload > 0 && data.length > maxPayload) {
      throw new AppError('nats.too-large', `A message of ${data.length} bytes for ${subject} is larger than the server takes (${maxPayload}).`, {
        hint: 'Make it smaller, or raise max_payload of the NATS server.',
      })
    }
    try {
      connection.publish(subject, data, options)
    } catch (error) {
      throw new AppError('nats.publish-failed', `A message for ${subject} could not be sent: ${toFailure(error).message}.`, { cause: error })
    }
  }

  private subscribeLive(subscription: Subscription, connection: Connection): void {
    subscription.live = connection.subscribe(subscription.subject, (message) => {
      try {
        subscription.handler(message)
      } catch (error) {
        this.parts.log.error('A handler of NATS messages threw', {
          subject: message.subject,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
      }
    })
  }

  private emit(event: LinkEvent): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(event)
      } catch (error) {
        this.parts.log.error('A listener of a NATS link threw', {
          event: event.kind,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
      }
    }
  }

  private readPool(always = false): void {
    if (this.current === undefined) return
    const before = this.servers.discovered.join()
    this.pool = withDiscovered(this.pool, this.current.address, this.current.connection.facts.connectUrls)
    if (always || this.servers.discovered.join() !== before) this.emit({ kind: 'servers', ...this.servers })
  }

  /** Lame duck: the server asks its clients to go before it goes itself. Ending the connection makes us reconnect, elsewhere first. */
  private moveAway(): void {
    if (this.current === undefined || reconnectOrder(this.pool, this.current.address).length < 2) return
    this.parts.log.info('The NATS server is shutting down; moving to another one', { server: displayAddress(this.current.address) })
    void this.current.connection.close()
  }

  private lost(opened: Opened, error: Error | undefined): void {
    if (this.current !== opened || this.stopped.signal.aborted) return
    this.current = undefined
    for (const subscription of this.subscriptions) subscription.live = undefined
    const reason = error === undefined || error.message === '' ? 'the server closed the connection' : classifyFailure(error).reason
    this.parts.log.warn('Lost the connection to the NATS server', { server: displayAddress(opened.address), reason })
    this.emit({ kind: 'disconnected', reason })
    void this.reconnect()
  }

  private async reconnect(): Promise<void> {
    const { signal } = this.stopped
    let refusals = 0
    for (let attempt = 0; !signal.aborted; attempt++) {
      await pause(refusals > 0 ? this.parts.refusedDelayMs(refusals) : this.parts.delayMs(attempt), signal)
      for (const address of reconnectOrder(this.pool, this.lastAddress)) {
        if (signal.aborted) return
        try {
          const opened = await this.parts.open(address, this.pool, attemptTimeoutMs(attempt, this.parts.connectTimeoutMs), this.notice)
          if (signal.aborted) return void opened.connection.close()
          this.parts.log.info('Connected to the NATS server again', { server: displayAddress(address), attempts: attempt + 1 })
          return this.start(opened)
        } catch (error) {
          refusals = this.failed(address, error, attempt, refusals)
        }
      }
    }
  }

  /** Tells of a failed attempt; returns the refusals in a row. */
  private failed(address: NatsAddress, error: unknown, attempt: number, refusals: number): number {
    const failure = classifyFailure(error)
    const server = displayAddress(address)
    if (failure.kind !== 'refused') {
      this.parts.log.debug('The NATS server is not back yet', { server, attempt, reason: failure.reason })
      return 0
    }
    const reason = `${refusal({ address, login: this.parts.loginAt(address) })}.`
    if (refusals === 0) this.parts.log.warn(reason, { server })
    this.emit({ kind: 'refused', reason })
    return refusals + 1
  }
}

const closedError = (): AppError => new AppError('nats.closed', 'The connection to the NATS server has been closed.')
