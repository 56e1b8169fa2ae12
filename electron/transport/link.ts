/** Where a link stands, without secrets. `address` is `scheme://host:port`. */
export interface LinkServer {
  readonly address: string
  readonly serverId: string
  readonly serverName: string
  readonly version: string
  /** This connection's number at that server; NATS events name it. */
  readonly clientId: number
  readonly tls: boolean
}

/** What becomes of a link. After `closed` nothing comes any more. */
export type LinkEvent =
  | { readonly kind: 'connected'; readonly server: LinkServer }
  | { readonly kind: 'disconnected'; readonly reason: string }
  /** The server said no to our credentials; the link tries again by itself. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The pool as it is now: configured addresses first, then those learnt from INFO. */
  | { readonly kind: 'servers'; readonly configured: readonly string[]; readonly discovered: readonly string[] }
  | { readonly kind: 'closed'; readonly reason?: string }

/** A message as it came, payload unread. */
export interface LinkMessage {
  readonly subject: string
  readonly reply: string | undefined
  readonly data: Uint8Array
  /** Value of a header, by its exact name. */
  header(name: string): string | undefined
  /** The NATS status line (`503` = no responders), 0 when there is none. */
  readonly status: number
}

/** What `subscribe` began; its handler is not called any more after `unsubscribe`. */
export interface LinkSubscription {
  unsubscribe(): void
}

/**
 * One NATS connection behind whatever library carries it (TCP and TLS: @nats-io/transport-node, WebSocket: nats.ws).
 * It reconnects for ever, also after refused credentials; only `close` and `drain` end it.
 */
export interface NatsLink {
  /** The server connected to now, undefined while disconnected. */
  readonly server: LinkServer | undefined
  /** The pool as the last `servers` event told it, as `scheme://host:port`. */
  readonly servers: { readonly configured: readonly string[]; readonly discovered: readonly string[] }
  publish(subject: string, data: Uint8Array, options?: { readonly reply?: string; readonly headers?: Readonly<Record<string, string>> }): void
  /** Handlers run one after the other in order of arrival; a throw is logged by the link, never fatal. */
  subscribe(subject: string, handler: (message: LinkMessage) => void): LinkSubscription
  /** Rejects with AppError `nats.no-responders`, `nats.timeout` or `nats.closed`. */
  request(
    subject: string,
    data: Uint8Array,
    options: { readonly timeoutMs: number; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<LinkMessage>
  /** A reply subject prefix of our own, under `_INBOX.`. */
  newInbox(): string
  flush(): Promise<void>
  rttMs(): Promise<number>
  on(listener: (event: LinkEvent) => void): () => void
  drain(): Promise<void>
  close(): Promise<void>
}
