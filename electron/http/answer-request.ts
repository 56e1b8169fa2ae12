import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../../shared/errors'
import type { Route } from '../../shared/http/route'
import { routes } from '../../shared/http/routes'
import type { RouteName } from '../../shared/http/routes'
import type { BuildVersion } from '../../shared/models/node'
import type { Logger } from '../log/logger'
import { ApiError, unknownRoute } from './reply/api-error'
import { GoneSignal } from './request/gone-signal'
import { needsWebSocket } from './request/needs-web-socket'
import type { ApiLimits } from './limits/api-limits'
import { openEventStream } from './reply/event-stream'
import type { EventStream } from './reply/event-stream'
import { isLoopbackName, refuseCaller } from './limits/host-policy'
import type { HostPolicyOptions } from './limits/host-policy'
import type { RouteMatch } from './request/match-route'
import { parseBody, readBody } from './request/read-body'
import { readQuery } from './request/read-query'
import { sendError, sendJson, versionHeaders } from './reply/reply'
import type { ReplyShape } from './reply/reply'
import { randomRequestId } from './request/request-id'
import { parseRequestTarget } from './request/request-target'
import type { TextSocket } from './reply/text-socket'
import { timedOut, withinTime } from './limits/time-limit'
import { refuseVersion } from './limits/version-gate'

/** A route's handler with the types of its route taken off; the route table vouches for what it is given. */
export type UntypedHandler = (request: object, stream?: EventStream | TextSocket) => unknown

/** What every request is answered with. */
export interface AnsweringOptions {
  readonly match: (method: string, path: string) => RouteMatch<RouteName>
  readonly handlers: Readonly<Record<string, UntypedHandler>>
  readonly callers: () => HostPolicyOptions
  readonly version: BuildVersion
  readonly limits: ApiLimits
  readonly log: Logger
  /** Aborted when the server stops: event streams end then. */
  readonly stopping: AbortSignal
}

/** A function that answers one request, from its headers to its last byte. Whatever is thrown underneath becomes an error reply. */
export function requestAnswerer(options: AnsweringOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { limits, log } = options
  const headers = Object.entries(versionHeaders(options.version))

  return async (request, response) => {
    const began = performance.now()
    const { path, search, authority } = parseRequestTarget(request.url ?? '')
    const requestId = textOf(request.headers['x-request-id'])
    const shape = { requestId, pretty: search !== '' && new URLSearchParams(search).has('pretty'), headOnly: request.method === 'HEAD' }
    for (const [name, value] of headers) response.setHeader(name, value)
    response.setHeader('X-Request-Id', requestId === '' ? randomRequestId() : requestId)
    response.once('close', () => {
      log.debug('HTTP request', { method: request.method, path, status: response.statusCode, ms: Math.round(performance.now() - began) })
    })
    try {
      checkCaller(request, authority)
      if (request.method === 'OPTIONS') return void response.writeHead(204, { Allow: 'OPTIONS, GET, PUT, POST, DELETE' }).end()
      const oldClient = refuseVersion(textOf(request.headers['x-bacalhau-git-version']), options.version.GitVersion ?? '')
      if (oldClient !== undefined) return sendJson(response, oldClient.status, oldClient.body, shape)
      const found = options.match(request.method ?? '', path)
      if (found.kind !== 'found') throw routingError(found, path, response)
      await serve(found.name, found.params, search, request, response, shape)
    } catch (error) {
      if (request.socket.destroyed) return
      if (!(error instanceof AppError)) log.error('A request failed on a fault of ours', { method: request.method, path, error })
      if (response.headersSent) return void response.destroy()
      if (error instanceof ApiError && error.status === 413) response.setHeader('Connection', 'close')
      sendError(response, error, shape)
    }
  }

  function checkCaller(request: IncomingMessage, authority: string | undefined): void {
    const policy = options.callers()
    const fetchSite = textOf(request.headers['sec-fetch-site'])
    const caller = { host: authority ?? request.headers.host, origin: request.headers.origin, fetchSite: fetchSite === '' ? undefined : fetchSite }
    const refused = refuseCaller(caller, policy)
    if (refused !== undefined) throw foreignCaller(refused, policy.boundTo)
  }

  async function serve(
    name: RouteName,
    params: object,
    search: string,
    request: IncomingMessage,
    response: ServerResponse,
    shape: ReplyShape,
  ): Promise<void> {
    const route: Route = routes[name]
    if (route.answer.kind === 'redirect') return void response.writeHead(301, { Location: route.answer.to }).end()
    if (route.answer.kind === 'websocket') throw needsWebSocket(route)
    const query = readQuery(route.query, search)
    const raw = await readBody(request, limits.maxBodyBytes)
    const body = route.body === undefined ? undefined : parseBody(route.body, raw, request.headers['content-type'])
    const handler = options.handlers[name]
    if (handler === undefined) throw new Error(`No handler for the route ${name}`)
    const header = (key: string): string | undefined => request.headers[key.toLowerCase()]?.toString()
    if (route.answer.kind === 'events') {
      const stream = openEventStream(response, { maxBuffered: limits.maxStreamBuffer, commentEvery: limits.commentMs })
      options.stopping.addEventListener('abort', () => stream.end(), { once: true, signal: stream.signal })
      await handler({ params, query, body, header, signal: stream.signal }, stream)
      return
    }
    const gone = new GoneSignal(response)
    response.setTimeout(limits.writeMs, () => response.destroy())
    const answer = handler(new AskedOfRoute(params, query, body, header, gone))
    // Most answers are there at once.
    const value = answer instanceof Promise ? await withinTime<unknown>(answer, limits.handlerMs) : answer
    if (value !== timedOut) return sendJson(response, 200, value, shape)
    gone.abort()
    log.warn('A request took too long', { path: route.path, limitMs: limits.handlerMs })
    response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Server Timeout!')
  }
}

/** What a handler is given. A class, for its signal is made only when it is looked at, and an object of its own kind for each request is slow. */
class AskedOfRoute {
  readonly params: object
  readonly query: unknown
  readonly body: unknown
  readonly header: (key: string) => string | undefined
  readonly #gone: GoneSignal

  constructor(params: object, query: unknown, body: unknown, header: (key: string) => string | undefined, gone: GoneSignal) {
    this.params = params
    this.query = query
    this.body = body
    this.header = header
    this.#gone = gone
  }

  get signal(): AbortSignal {
    return this.#gone.signal
  }
}

function routingError(found: Exclude<RouteMatch<RouteName>, { readonly kind: 'found' }>, path: string, response: ServerResponse): Error {
  if (found.kind === 'unknown' || path.startsWith('/api/v1')) return unknownRoute()
  response.setHeader('Allow', ['OPTIONS', ...found.allowed].join(', '))
  return new ApiError('InternalError', 'Method Not Allowed', { status: 405 })
}

function foreignCaller(reason: string, boundTo: string): ApiError {
  const hint = isLoopbackName(boundTo)
    ? 'Call it as 127.0.0.1 or localhost, or set API.Host to reach it from other machines.'
    : 'Call it by an address or the name of the machine that it runs on.'
  return new ApiError('Forbidden', reason, { hint })
}

function textOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? ''
}
