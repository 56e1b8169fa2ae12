import { AppError, messageOf } from '../../shared/errors'
import { systemCodeOf } from '../../shared/system-error'
import { TOO_LARGE } from './answer-error'

const otherAddress = 'Check the address (on the command line: --api-host and --api-port).'
const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** A request of so many bytes may be why a server hangs up; both servers take 10 MB. */
const LARGE_BYTES = 10_000_000

/**
 * What a failed connection means: what was seen, at which address, the likely cause and the next step. Bugs pass through as they are.
 * @param sentBytes how long the body of the request was
 */
export function explainConnectionError(error: unknown, baseUrl: string, sentBytes = 0): unknown {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  if (code === undefined) return error
  const told = (reason: string, message: string, hint: string): AppError =>
    new AppError(`client.${reason}`, message, { hint, cause: error, details: { address: baseUrl } })
  if (certificateCodes.has(code)) {
    return told(
      'certificate',
      `The certificate of ${baseUrl} is not trusted: ${shortMessageOf(error)}.`,
      'Name the certificate authority with -c API.TLS.CAFile=FILE, or use the name that the certificate is for.',
    )
  }
  if (code.startsWith('HPE_'))
    return told(
      'not-http',
      `${baseUrl} answers, but not in HTTP. ${looksLikeNats(error) ? 'It is a NATS server.' : 'It may be a NATS or a TLS port.'}`,
      'Give the port of the API (1234 by default), not that of NATS (4222).',
    )
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return told('tls', `${baseUrl} does not answer in TLS.`, 'Write http:// in place of https://, or leave out API.TLS.UseTLS.')
  switch (code) {
    case 'ECONNREFUSED':
      return told(
        'unreachable',
        `No server is running or reachable at ${baseUrl} (connection refused).`,
        `Start one with \`shoal serve --orchestrator\`. ${otherAddress}`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return told('unknown-host', `The host of ${baseUrl} was not found.`, otherAddress)
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return told('unreachable', `No way leads to ${baseUrl} (${code}).`, `Look at this machine's network. ${otherAddress}`)
    case 'ETIMEDOUT':
    case 'ESOCKETTIMEDOUT':
      return told('timeout', `${baseUrl} does not answer in time.`, `The server may be busy, or a firewall stands between. ${otherAddress}`)
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return told(
        'connection-lost',
        `${baseUrl} closed the connection before it answered.`,
        sentBytes > LARGE_BYTES
          ? `The request has ${Math.ceil(sentBytes / 1e6)} MB. ${TOO_LARGE}`
          : 'Try again; look at the log of the server if it goes on.',
      )
    default:
      return told('unreachable', `${baseUrl} cannot be reached: ${shortMessageOf(error)} (${code}).`, otherAddress)
  }
}

function codeOf(error: unknown): string | undefined {
  // A name with several addresses fails with all their errors in one: the first tells enough.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]) ?? systemCodeOf(error)
  return systemCodeOf(error)
}

function shortMessageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return shortMessageOf(error.errors[0])
  return messageOf(error)
    .replace(/[.;]\s*(if the root CA|check if).*$/i, '')
    .replace(/\.$/, '')
}

function looksLikeNats(error: unknown): boolean {
  const packet = typeof error === 'object' && error !== null && 'rawPacket' in error ? error.rawPacket : undefined
  return packet instanceof Uint8Array && Buffer.from(packet.slice(0, 5)).toString('latin1') === 'INFO '
}
