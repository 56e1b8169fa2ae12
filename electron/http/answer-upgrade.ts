import { ServerResponse } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Route } from '../../shared/http/route'
import { routes } from '../../shared/http/routes'
import { ApiError } from './reply/api-error'
import type { AnsweringOptions } from './answer-request'
import { refuseCaller } from './limits/host-policy'
import { needsWebSocket } from './request/needs-web-socket'
import { readQuery } from './request/read-query'
import { sendError } from './reply/reply'
import { parseRequestTarget } from './request/request-target'
import { openTextSocket } from './reply/text-socket'

type UpgradeOptions = AnsweringOptions & { readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> }

/** A function that answers a request to change the protocol: routes over WebSocket take it, all others go on in HTTP. */
export function upgradeAnswerer(options: UpgradeOptions): (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void> {
  const { match, handlers, limits, log, stopping } = options

  return async (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const { path, search, authority } = parseRequestTarget(request.url ?? '')
    const found = match(request.method ?? '', path)
    const route: Route | undefined = found.kind === 'found' ? routes[found.name] : undefined
    if (found.kind !== 'found' || route?.answer.kind !== 'websocket') return goOnInHttp(request, socket)
    try {
      const { origin } = request.headers
      const refused = refuseCaller({ host: authority ?? request.headers.host, origin, fetchSite: undefined }, options.callers())
      if (refused !== undefined) throw new ApiError('Forbidden', refused)
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') throw needsWebSocket(route)
      const query = readQuery(route.query, search)
      const handler = handlers[found.name]
      if (handler === undefined) throw new Error(`No handler for the route ${found.name}`)
      const text = await openTextSocket(request, socket, head, { maxBuffered: limits.maxStreamBuffer, deadAfterMs: limits.commentMs * 2 })
      const stop = (): void => text.end()
      stopping.addEventListener('abort', stop, { once: true, signal: text.signal })
      try {
        await handler(
          {
            params: found.params,
            query,
            body: undefined,
            header: (key: string) => request.headers[key.toLowerCase()]?.toString(),
            signal: text.signal,
          },
          text,
        )
      } finally {
        text.end()
      }
    } catch (error) {
      log.debug('A WebSocket was not opened, or its handler failed', { path, error })
      if (socket.writable && !socket.destroyed) replyWithError(request, socket, error)
    }
  }

  async function goOnInHttp(request: IncomingMessage, socket: Duplex): Promise<void> {
    const response = responseOn(request, socket)
    // The parser has stopped at the headers: a body cannot be read any more.
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return replyWithError(request, socket, new ApiError('BadRequest', 'This route does not change the protocol.'))
    await options.answer(request, response)
  }
}

function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  // The server's own sockets are of no other kind.
  if (socket instanceof Socket) response.assignSocket(socket)
  response.once('finish', () => socket.end())
  return response
}

function replyWithError(request: IncomingMessage, socket: Duplex, error: unknown): void {
  sendError(responseOn(request, socket), error, { requestId: '', pretty: false, headOnly: false })
}
