import { displayAddress, type NatsAddress } from '../../../shared/address'
import { AppError, toFailure } from '../../../shared/errors'
import { classifyFailure } from '../connection/connect-failure'
import type { Connection, ConnectionNotice } from '../connection/connection'
import { inboxName } from './inbox-name'
import type { LinkEvent, LinkMessage, LinkServer, NatsLink } from '../link'
import { reconnect, type Connecting, type Opened } from './reconnect'
import { createRequestInbox } from './request-inbox'
import { reconnectOrder, withDiscovered, type ServerPool } from './server-pool'
import { createUnsentMessages, type Unsent } from './unsent-messages'

interface Subscription {
  readonly subject: string
  readonly handler: (message: LinkMessage) => void
  live: { unsubscribe(): void } | undefined
}

interface PublishOptions {
  readonly reply?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A `NatsLink` that replaces its connection whenever that ends, until it is closed. `start` takes the first connection. */
export class ReconnectingLink implements NatsLink {
  private readonly listeners = new Set<(event: LinkEvent) => void>()
  private readonly subscriptions = new Set<Subscription>()
  private readonly inbox = createRequestInbox(inboxName())
  private readonly unsent = createUnsentMessages()
  private readonly stopped = new AbortController()
  private current: Opened | undefined
  private lastAddress: NatsAddress | undefined
  private inboxSubscribed = false
  /** Set by `close` and `drain`: no connection is made any more. */
  private ending = false
  private leaving = false

  constructor(
    private pool: ServerPool,
    private readonly connecting: Connecting,
  ) {}

  /** Takes the notices of the connection that is being opened or is in use. */
  readonly notice = (notice: ConnectionNotice): void => {
    if (notice.kind === 'info') this.readPool()
    else if (notice.kind === 'leaving') void this.moveAway()
    else this.connecting.log.warn('NATS server reported an error', { error: notice.error.message })
  }

  start(opened: Opened): void {
    const { connection, address } = opened
    this.current = opened
    this.lastAddress = address
    this.leaving = false
    for (const subscription of this.subscriptions) this.subscribeLive(subscription, connection)
    this.unsent.sendAll((item) => {
      try {
        item.send(connection)
      } catch (error) {
        this.connecting.log.error('A message kept for the NATS server could not be sent', { error: toFailure(error).message })
      }
    })
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

  publish(subject: string, data: Uint8Array, options: PublishOptions = {}): void {
    this.send({ bytes: data.length, isWanted: () => true, send: (connection) => publishOn(connection, subject, data, options) })
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
    const options = { reply: expected.reply, ...(headers === undefined ? {} : { headers }) }
    try {
      this.send({ bytes: data.length, isWanted: () => expected.isOpen(), send: (connection) => publishOn(connection, subject, data, options) })
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
    this.stopped.abort()
    await this.end((connection) => connection.close())
  }

  private async end(finish: (connection: Connection) => Promise<void>): Promise<void> {
    if (this.ending) return
    this.ending = true
    this.unsent.clear()
    try {
      if (this.current !== undefined) await finish(this.current.connection)
    } catch (error) {
      this.connecting.log.debug('NATS connection did not end cleanly', { error: toFailure(error).message })
    }
    this.stopped.abort()
    this.current = undefined
    this.inbox.failAll(closedError())
    this.emit({ kind: 'closed' })
    this.listeners.clear()
  }

  private connectionNow(): Connection {
    this.refuseWhenClosed()
    if (this.current === undefined) {
      throw new AppError('nats.disconnected', 'There is no connection to a NATS server at the moment.', {
        hint: 'It is being made again; try later.',
      })
    }
    return this.current.connection
  }

  private refuseWhenClosed(): void {
    if (this.stopped.signal.aborted) throw closedError()
  }

  private send(item: Unsent): void {
    this.refuseWhenClosed()
    if (this.current === undefined) this.unsent.add(item)
    else item.send(this.current.connection)
  }

  private subscribeLive(subscription: Subscription, connection: Connection): void {
    subscription.live = connection.subscribe(subscription.subject, (message) => {
      try {
        subscription.handler(message)
      } catch (error) {
        this.connecting.log.error('A handler of NATS messages threw', { subject: message.subject, error: stackOf(error) })
      }
    })
  }

  private emit(event: LinkEvent): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(event)
      } catch (error) {
        this.connecting.log.error('A listener of a NATS link threw', { event: event.kind, error: stackOf(error) })
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
  private async moveAway(): Promise<void> {
    const opened = this.current
    if (opened === undefined || this.leaving || reconnectOrder(this.pool, opened.address).length < 2) return
    this.leaving = true
    this.connecting.log.info('The NATS server is shutting down; moving to another one', { server: displayAddress(opened.address) })
    try {
      await opened.connection.flush()
    } catch (error) {
      this.connecting.log.debug('The NATS server went before the move', { error: toFailure(error).message })
    }
    await opened.connection.close()
  }

  private lost(opened: Opened, error: Error | undefined): void {
    if (this.current !== opened || this.ending) return
    this.current = undefined
    for (const subscription of this.subscriptions) subscription.live = undefined
    const ended = this.leaving ? 'the server is shutting down' : 'the server closed the connection'
    const reason = error === undefined || error.message === '' ? ended : classifyFailure(error).reason
    this.connecting.log.warn('Lost the connection to the NATS server', { server: displayAddress(opened.address), reason })
    this.emit({ kind: 'disconnected', reason })
    void this.reconnect()
  }

  private async reconnect(): Promise<void> {
    const opened = await reconnect({
      ...this.connecting,
      pool: this.pool,
      addresses: reconnectOrder(this.pool, this.lastAddress),
      notify: this.notice,
      onRefused: (reason) => this.emit({ kind: 'refused', reason }),
      signal: this.stopped.signal,
    })
    if (opened !== undefined) this.start(opened)
  }
}

function publishOn(connection: Connection, subject: string, data: Uint8Array, options: PublishOptions): void {
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

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))
const closedError = (): AppError => new AppError('nats.closed', 'The connection to the NATS server has been closed.')
