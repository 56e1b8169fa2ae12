import { connect, type NatsConnection } from '@nats-io/transport-node'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import { hostPort } from '../../../shared/address'
import type { Attempt, TlsPolicy } from './connection'
import { loginFields } from './login'

/** A client of @nats-io/transport-node that never reconnects, and whether it talks TLS. */
interface TcpClient {
  readonly client: NatsConnection
  readonly tls: boolean
}

/** One attempt at one `nats://` or `tls://` server; rejects with what the library threw. */
export async function openTcpClient(attempt: Attempt): Promise<TcpClient> {
  const { tls } = attempt
  if (tls.required || tls.handshakeFirst || tls.ca !== undefined) return { client: await open(attempt, tlsOptions(tls)), tls: true }
  // As nats.go: in clear unless the server insists. The library has no such mode: `null` never upgrades (and fails with a TypeError when the
  // server insists), anything else also upgrades where TLS is merely available.
  try {
    return { client: await open(attempt, null), tls: false }
  } catch (error) {
    if (!isTlsDemanded(error)) throw error
    return { client: await open(attempt, tlsOptions(tls)), tls: true }
  }
}

function open({ address, name, login, timeoutMs, pingIntervalMs }: Attempt, tls: ReturnType<typeof tlsOptions> | null): Promise<NatsConnection> {
  return connect({
    servers: [hostPort(address)],
    name,
    authenticator: () => loginFields(login),
    tls,
    timeout: timeoutMs,
    pingInterval: pingIntervalMs,
    reconnect: false,
    noRandomize: true,
    noAsyncTraces: true,
  })
}

function tlsOptions({ ca, handshakeFirst, names }: TlsPolicy) {
  return {
    handshakeFirst,
    ...(ca === undefined ? {} : { ca }),
    // The library compares with "localhost" when the address is an IP; we know which names are right.
    checkServerIdentity: (_host: string, certificate: PeerCertificate): Error | undefined => checkNames(names, certificate),
  }
}

function checkNames(names: readonly string[], certificate: PeerCertificate): Error | undefined {
  const failures = names.map((name) => checkServerIdentity(name, certificate))
  return failures.includes(undefined) ? undefined : failures[0]
}

function isTlsDemanded(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.cause instanceof TypeError)
}
