import { displayAddress, type NatsAddress } from '../../../shared/address'
import { AppError } from '../../../shared/errors'
import { systemCodeOf } from '../../../shared/system-error'
import type { Login } from './connection'

/** Why one attempt at one server failed. `reason` is the second half of a sentence, without secrets. */
export interface ConnectFailure {
  /** `silent`: something took the connection and then said nothing in time. */
  readonly kind: 'refused' | 'tls' | 'unreachable' | 'silent'
  readonly reason: string
}

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was closed during the greeting',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'it did not answer in time',
  EPIPE: 'the connection was closed during the greeting',
}

/** Certificate errors of OpenSSL by their Node codes: not trusted, out of date, for another name. */
const certificateReasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself and not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not trusted here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** What people write who take one address of an orchestrator for the other. */
const API_PORT = 1234

/** Reads what either NATS library, a socket or TLS threw. */
export function classifyFailure(error: unknown): ConnectFailure {
  const chain = causes(error)
  const text = chain.map(({ message }) => message).join(' | ')
  const codes = chain.map((error) => systemCodeOf(error) ?? '')
  // The server gave up waiting for its own auth service: no verdict on our token.
  if (/authentication timeout/i.test(text) || codes.includes('AUTHENTICATION_TIMEOUT'))
    return { kind: 'silent', reason: 'it did not decide about the login in time' }
  if (/authorization violation|authentication expired|user authentication/i.test(text) || codes.includes('AUTHORIZATION_VIOLATION')) {
    return { kind: 'refused', reason: 'it refused the login' }
  }
  for (const code of codes) {
    const reason = certificateReasons[code]
    if (reason !== undefined) return { kind: 'tls', reason }
  }
  if (/does not support 'tls'|tls.*is not available/i.test(text)) return { kind: 'tls', reason: 'it does not offer TLS' }
  if (codes.some((code) => code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')))
    return { kind: 'tls', reason: 'the TLS handshake failed' }
  for (const code of codes) {
    const reason = networkReasons[code]
    if (reason !== undefined) return { kind: 'unreachable', reason }
  }
  if (/timeout|timed out/i.test(text)) return { kind: 'silent', reason: 'it did not answer in time' }
  if (/unexpected response|Unexpected server response/i.test(text)) return { kind: 'unreachable', reason: 'what answers there is not a NATS server' }
  return { kind: 'unreachable', reason: text === '' ? 'the connection was closed during the greeting' : text }
}

function causes(error: unknown): readonly Error[] {
  const found: Error[] = []
  for (let at = error; at instanceof Error && !found.includes(at); at = at.cause ?? ('chainedError' in at ? at.chainedError : undefined))
    found.push(at)
  return found
}

/** What was tried, and what came of it. */
export interface FailedAttempt {
  readonly address: NatsAddress
  readonly login: Login
  readonly failure: ConnectFailure
}

/** The error for a first connect at which every server failed. The most telling kind wins: a refused login, then TLS, then the network. */
export function firstConnectError(attempts: readonly FailedAttempt[], requireTls: boolean): AppError {
  const told = attempts.map(({ address, failure }) => `${displayAddress(address)}: ${failure.reason}`).join('; ')
  const refused = attempts.find(({ failure }) => failure.kind === 'refused')
  if (refused !== undefined) {
    const others = attempts.length > 1 ? ` (${told})` : ''
    return new AppError('nats.refused', `${refusal(refused)}${others}.`, {
      hint: 'Set Compute.Auth.Token to the token that the orchestrator has as Orchestrator.Auth.Token, or write it into the address: TOKEN@HOST.',
    })
  }
  if (attempts.some(({ failure }) => failure.kind === 'tls')) {
    return new AppError('nats.tls', `No secure connection to a NATS server: ${told}.`, {
      hint: requireTls
        ? 'Compute.TLS.RequireTLS starts TLS at once: only servers with handshake_first and TLS proxies answer that. For others leave it out and set Compute.TLS.CACert.'
        : 'Set Compute.TLS.CACert to the certificate of the authority that signed the server’s, and use the host name that stands in it.',
    })
  }
  if (attempts.some(({ address, failure }) => address.port === API_PORT && failure.reason !== networkReasons['ECONNREFUSED'])) {
    return new AppError('nats.unreachable', `No NATS server could be reached: ${told}.`, {
      hint: `On port ${API_PORT} an orchestrator has its HTTP API. Nodes join on the port of NATS, 4222 unless changed: leave the port out.`,
    })
  }
  return new AppError('nats.unreachable', `No NATS server could be reached: ${told}.`, {
    hint: 'Check that the orchestrator runs and that its address and port (4222 unless changed) are right and open in the firewall.',
  })
}

/** One sentence (without its full stop) about a refused login. */
export function refusal({ address, login }: Pick<FailedAttempt, 'address' | 'login'>): string {
  switch (login.kind) {
    case 'none':
      return `${displayAddress(address)} asks for a token and none is set`
    case 'token':
      return `${displayAddress(address)} refused the token: it is not the one the orchestrator has`
    case 'user':
      return `${displayAddress(address)} refused the user and password`
  }
}
