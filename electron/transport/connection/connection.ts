import type { NatsAddress } from '../../../shared/address'
import type { LinkMessage, LinkSubscription } from '../link'

/** How a link logs in; its parts are never logged. */
export type Credentials =
  /** Asked at each attempt, so that a changed token is used by the next one. */
  { readonly kind: 'token'; readonly token: () => string | undefined } | { readonly kind: 'user'; readonly user: string; readonly password: string }

/** What one attempt sends in CONNECT. */
export type Login =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'user'; readonly user: string; readonly password: string }

/** How one attempt deals with TLS. */
export interface TlsPolicy {
  /** PEM; undefined = the roots that Node knows. */
  readonly ca: string | undefined
  /** TLS before the server's INFO (`Compute.TLS.RequireTLS`). */
  readonly handshakeFirst: boolean
  /** Give up rather than talk in clear. */
  readonly required: boolean
  /** Names of which one must stand in the certificate. */
  readonly names: readonly string[]
}

/** One try to connect to one server. Milliseconds. */
export interface Attempt {
  readonly address: NatsAddress
  readonly name: string
  readonly login: Login
  readonly tls: TlsPolicy
  readonly timeoutMs: number
  readonly pingIntervalMs: number
}

/** The facts of a server's INFO that we use. */
export interface ServerFacts {
  readonly serverId: string
  readonly serverName: string
  readonly version: string
  readonly clientId: number
  readonly maxPayload: number
  /** `host:port` of every server of the cluster, itself included; empty for a server that stands alone. */
  readonly connectUrls: readonly string[]
}

/** One live connection to one server. It never reconnects: when it has ended, it has ended. */
export interface Connection {
  readonly facts: ServerFacts
  readonly tls: boolean
  publish(subject: string, data: Uint8Array, options: { readonly reply?: string; readonly headers?: Readonly<Record<string, string>> }): void
  subscribe(subject: string, onMessage: (message: LinkMessage) => void): LinkSubscription
  flush(): Promise<void>
  drain(): Promise<void>
  close(): Promise<void>
  /** Resolves when the connection has ended, with the error that ended it, if any. */
  readonly ended: Promise<Error | undefined>
}

/** What a server says while the connection lives. */
export type ConnectionNotice =
  /** A later INFO came: `facts` may have changed. */
  | { readonly kind: 'info' }
  /** The server is about to go (lame duck mode). */
  | { readonly kind: 'leaving' }
  /** The server refused a subject, or reported another error that does not end the connection. */
  | { readonly kind: 'error'; readonly error: Error }

/** Opens one connection; rejects with what the library threw. */
export type Connect = (attempt: Attempt, notify: (notice: ConnectionNotice) => void) => Promise<Connection>
