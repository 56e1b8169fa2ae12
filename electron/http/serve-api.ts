import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { routes } from '../../shared/http/routes'
import type { RouteName } from '../../shared/http/routes'
import type { BuildVersion } from '../../shared/models/node'
import type { Logger } from '../log/logger'
import { requestAnswerer } from './answer-request'
import type { AnsweringOptions, UntypedHandler } from './answer-request'
import { upgradeAnswerer } from './answer-upgrade'
import { defaultLimits } from './limits/api-limits'
import type { ApiLimits } from './limits/api-limits'
import { resolveBindAddress } from './bind-address'
import { listen } from './listen'
import { routeMatcher } from './request/match-route'
import { ownAddresses, ownNamesReader } from './limits/own-names'
import type { RouteHandlers, ServedBy } from './route-handlers'

interface ServeApiOptions<Role extends ServedBy> {
  /** `API.Host`: an address, a name, or one of Bacalhau's address classes (`loopback`, `private`, …). */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Which routes this node serves; all of them where it is an orchestrator. */
  readonly servedBy: Role
  readonly handlers: RouteHandlers<Role>
  /** Names that this API answers to beside the machine's own, when bound wider than loopback. */
  readonly extraHosts?: readonly string[]
  /** The Bacalhau version told in every reply's headers. */
  readonly version: BuildVersion
  readonly log: Logger
  readonly limits?: Partial<ApiLimits>
}

/** An HTTP API that listens. */
export interface ApiServer {
  /** Where this machine reaches it, without a final slash. */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Takes no more requests, ends event streams, gives running requests `graceMs` (1000 unless told), then cuts them off. */
  close(graceMs?: number): Promise<void>
}

/**
 * Serves the HTTP API from the route table: every request is checked against it before its handler sees it.
 * @throws AppError `api.port-taken`, `api.port-forbidden`, `api.address-not-here`, `api.no-such-address`
 */
export async function serveApi<Role extends ServedBy>(options: ServeApiOptions<Role>): Promise<ApiServer> {
  const { log } = options
  const limits = { ...defaultLimits, ...options.limits }
  const host = resolveBindAddress(options.host, ownAddresses())
  const ownNames = ownNamesReader([options.host, ...(options.extraHosts ?? [])])
  const stopping = new AbortController()
  let boundTo = ''

  const answering: AnsweringOptions = {
    match: routeMatcher(servedRoutes(options.servedBy)),
    handlers: options.handlers as Readonly<Record<string, UntypedHandler>>,
    callers: () => ({ boundTo, ownNames }),
    version: options.version,
    limits,
    log,
    stopping: stopping.signal,
  }
  const answer = requestAnswerer(answering)
  const upgrade = upgradeAnswerer({ ...answering, answer })
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: 60_000,
  })
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error('A reply could not be written', { error })
      response.destroy()
    })
  })
  server.on('upgrade', (request, socket, head) => {
    upgrade(request, socket, head).catch((error: unknown) => {
      log.error('An upgrade could not be answered', { error })
      socket.destroy()
    })
  })

  const bound = await listen(server, host, options.port)
  boundTo = bound.address
  server.on('error', (error) => log.error('The HTTP server failed', { error }))

  let closed: Promise<void> | undefined
  return {
    url: `http://${reachableHost(bound.address)}:${String(bound.port)}`,
    host: bound.address,
    port: bound.port,
    close: (graceMs = 1000) => (closed ??= closeServer(server, stopping, graceMs)),
  }
}

function servedRoutes(role: ServedBy): typeof routes {
  const names = (Object.keys(routes) as RouteName[]).filter((name) => role === 'orchestrator' || routes[name].servedBy === 'every-node')
  return Object.fromEntries(names.map((name) => [name, routes[name]])) as typeof routes
}

async function closeServer(server: Server, stopping: AbortController, graceMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  stopping.abort()
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await ended
  clearTimeout(cut)
}

function reachableHost(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return address.includes(':') ? `[${address}]` : address
}
