import { promises as fs } from 'node:fs'
import { AppError } from '../../shared/errors'
import { openBareConnection, type BareServerInfo } from '../transport/connection/bare-connection'
import type { Login } from './credentials'

interface ReadinessTarget {
  readonly host: string
  readonly port: number
  readonly login: Login
  /** PEM file with the server's certificate, when it asks for TLS. */
  readonly certFile?: string
  /** Whether the server that answered is the one meant. One without a gate takes any login. */
  readonly isOurs: (serverId: string) => boolean
}

const RETRY_MS = 3
/** A listener that takes the connection and says nothing is not ours, or hangs. */
const PROBE_TIMEOUT_MS = 2000

/**
 * Resolves with what the server says of itself once it has taken the login and is known as ours.
 * Rejects with `nats.refused` when somebody else answers there; ends quietly (never resolves) after `signal`.
 */
export async function proveReady({ host, port, login, certFile, isOurs }: ReadinessTarget, signal: AbortSignal): Promise<BareServerInfo> {
  const certificate = certFile === undefined ? {} : { certificate: await fs.readFile(certFile, 'utf8') }
  const target = { host: dialableHost(host), port, name: 'readiness', login, ...certificate, timeoutMs: PROBE_TIMEOUT_MS }
  while (!signal.aborted) {
    try {
      const connection = await openBareConnection(target)
      connection.close()
      if (isOurs(connection.server.serverId)) return connection.server
    } catch (error) {
      // On a busy machine the server may speak in clear before our TLS has come.
      if (!(error instanceof AppError) || (error.code !== 'nats.unreachable' && error.code !== 'nats.tls')) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
  return new Promise(() => undefined)
}

/** Where a server that listens on `host` is reached from this machine. */
export function dialableHost(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1'
  return host === '::' || host === '[::]' ? '::1' : host.replace(/^\[(.*)\]$/, '$1')
}
