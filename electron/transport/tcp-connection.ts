import { connect, headers } from '@nats-io/transport-node'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import { hostPort } from '../../shared/address'
import type { Attempt, Connect, TlsPolicy } from './connection'
import { adoptClient } from './library-connection'
import { loginFields } from './login'

/** `nats://` and `tls://`, by @nats-io/transport-node. */
export const connectTcp: Connect = async (attempt, notify) => {
  const { tls } = attempt
  if (tls.required || tls.handshakeFirst || tls.ca !== undefined) return adoptClient(await open(attempt, tlsOptions(tls)), headers, true, notify)
  // As nats.go: in clear unless the server insists. The library has no such mode: `null` never upgrades (and fails with a TypeError when the
  // server insists), anything else also upgrades where TLS is merely available.
  try {
    return adoptClient(await open(attempt, null), headers, false, notify)
  } catch (error) {
    if (!isTlsDemanded(error)) throw error
    return adoptClient(await open(attempt, tlsOptions(tls)), headers, true, notify)
  }
}

function open({ address, name, login, timeoutMs, pingIntervalMs }: Attempt, tls: ReturnType<typeof tlsOptions> | null): ReturnType<typeof connect> {
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
