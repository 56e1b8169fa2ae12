import { isWebSocketScheme, type NatsAddress } from '../../shared/address'
import { AppError } from '../../shared/errors'
import { classifyFailure, firstConnectError, type FailedAttempt } from './connection/connect-failure'
import type { Connect, ConnectionNotice, Credentials, TlsPolicy } from './connection/connection'
import type { NatsLink } from './link'
import { silentLog, type TransportLog } from './log'
import { chooseLogin } from './connection/login'
import { reconnectDelayMs, refusedDelayMs } from './reconnect/reconnect-policy'
import type { Opened } from './reconnect/reconnect'
import { ReconnectingLink } from './reconnect/reconnecting-link'
import { certificateNames, type ServerPool } from './reconnect/server-pool'

/** Whom to connect to, as whom, and how long to wait. */
export interface DialOptions {
  /** Tried in this order; not mixed of WebSocket and TCP (`parseAddresses` sees to that). */
  readonly addresses: readonly NatsAddress[]
  /** The client name in CONNECT: a node's id. */
  readonly name: string
  /** A token or user in an address beats these. */
  readonly credentials?: Credentials
  readonly tls?: {
    /** PEM of the authority to trust; with it, TLS is required. */
    readonly ca?: string
    /** `Compute.TLS.RequireTLS`: TLS before the server's INFO. */
    readonly requireTls?: boolean
    /** A name that may stand in the certificate beside the address's: that of a server reached over the loopback address. */
    readonly serverName?: string
  }
  /** For one server, on the first connect. */
  readonly connectTimeoutMs?: number
  /** Wait before round `attempt` (from 0) after a loss, in milliseconds. */
  readonly reconnectDelayMs?: (attempt: number) => number
  /** The server is pinged this often; a second ping without an answer ends the connection. */
  readonly pingIntervalMs?: number
  readonly log?: TransportLog
  /** 0 … 1; spreads reconnects. */
  readonly random?: () => number
  /** Makes the connections; the library of the first address's scheme unless told otherwise. */
  readonly connect?: Connect
}

/**
 * Connects to the first NATS server that takes us. Rejects when none does on this first round: `nats.refused`, `nats.tls` or
 * `nats.unreachable`, naming each server tried; from then on the link reconnects by itself, for ever.
 */
export async function dial(options: DialOptions): Promise<NatsLink> {
  const { addresses, name, credentials, tls = {}, connectTimeoutMs = 2000, pingIntervalMs = 10_000, log = silentLog, random = Math.random } = options
  const [first] = addresses
  if (first === undefined)
    throw new AppError('address.missing', 'No address of a NATS server is given.', {
      hint: 'Set Compute.Orchestrators, for example to nats://HOST:4222.',
    })
  const connect = options.connect ?? (await loadConnect(first))
  const isTls = addresses.some(({ scheme }) => scheme === 'tls')
  const loginAt = (address: NatsAddress) => chooseLogin(address, credentials)

  const open = async (address: NatsAddress, pool: ServerPool, timeoutMs: number, notify: (notice: ConnectionNotice) => void): Promise<Opened> => {
    const policy: TlsPolicy = {
      ca: tls.ca,
      handshakeFirst: tls.requireTls === true,
      required: isTls,
      names: [...certificateNames(pool, address), ...(tls.serverName === undefined ? [] : [tls.serverName])],
    }
    return { address, connection: await connect({ address, name, login: loginAt(address), tls: policy, timeoutMs, pingIntervalMs }, notify) }
  }

  const pool: ServerPool = { configured: addresses, discovered: [] }
  const link = new ReconnectingLink(pool, {
    open,
    loginAt,
    connectTimeoutMs,
    delayMs: options.reconnectDelayMs ?? ((attempt) => reconnectDelayMs(attempt, random())),
    refusedDelayMs: (refusals) => refusedDelayMs(refusals, random()),
    log,
  })
  const failed: FailedAttempt[] = []
  for (const address of addresses) {
    try {
      link.start(await open(address, pool, connectTimeoutMs, link.notice))
      return link
    } catch (error) {
      failed.push({ address, login: loginAt(address), failure: classifyFailure(error) })
    }
  }
  throw firstConnectError(failed, tls.requireTls === true)
}

/** Only the library that is needed is loaded. */
async function loadConnect({ scheme }: NatsAddress): Promise<Connect> {
  if (isWebSocketScheme(scheme)) return (await import('./connection/websocket-connection')).connectWebSocket
  return (await import('./connection/tcp-connection')).connectTcp
}
