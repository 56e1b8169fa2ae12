import { createReadStream, promises as fs } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors'

/** Names of archives; nothing else is handed out, and there is no list of them. */
const ARCHIVE = /^\/([\w-]{1,200}\.tar\.gz)$/
/** Answers without a body: whether results can be fetched from here is tried with it. */
export const PING_PATH = '/.shoal'

/** Serves archives over HTTP to whoever knows their names. */
export interface ResultServer {
  readonly port: number
  close(): Promise<void>
}

interface ResultServerOptions {
  readonly folder: string
  readonly host: string
  readonly port: number
  /** Answered at `PING_PATH`, so that a node can tell its own server from another's. */
  readonly identity: string
}

/** Hands out the archives of a folder by name (GET, HEAD, one range). Rejects with AppError `publisher.port-taken`, or the system's error. */
export function serveResults({ folder, host, port, identity }: ResultServerOptions): Promise<ResultServer> {
  const server = createServer((request, response) => {
    // Its head may be on the way already: only a connection that breaks off still tells that something is missing.
    answer(request, response, folder, identity).catch(() => response.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new AppError('publisher.port-taken', `Port ${port} is taken.`, { cause: error }) : error)
    })
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      resolve({ port: typeof address === 'object' && address !== null ? address.port : port, close: () => close(server) })
    })
  })
}

async function answer(request: IncomingMessage, response: ServerResponse, folder: string, identity: string): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end()
    return
  }
  if (path === PING_PATH) {
    response.end(identity)
    return
  }
  const name = ARCHIVE.exec(path)?.[1]
  const stat = name === undefined ? undefined : await fs.stat(join(folder, name)).catch(() => undefined) // Answered below.
  if (name === undefined || stat?.isFile() !== true) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such result on this node.\n')
    return
  }
  const range = readRange(request.headers.range, stat.size)
  response.writeHead(range === undefined ? 200 : 206, {
    'Content-Type': 'application/gzip',
    'Content-Disposition': `attachment; filename="${name}"`,
    'Accept-Ranges': 'bytes',
    'Last-Modified': stat.mtime.toUTCString(),
    'Content-Length': range === undefined ? stat.size : range.end - range.start + 1,
    ...(range !== undefined && { 'Content-Range': `bytes ${range.start}-${range.end}/${stat.size}` }),
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const stream = createReadStream(join(folder, name), range)
  stream.on('error', () => response.destroy())
  response.on('close', () => stream.destroy())
  stream.pipe(response)
}

/** `bytes=a-b` or `bytes=a-`; anything else is the whole. */
function readRange(header: string | undefined, size: number): { readonly start: number; readonly end: number } | undefined {
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? '')
  if (match === null) return undefined
  const start = Number(match[1])
  const end = Math.min(match[2] === '' ? size - 1 : Number(match[2]), size - 1)
  return start <= end ? { start, end } : undefined
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
