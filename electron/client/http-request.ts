import http from 'node:http'
import https from 'node:https'

/** How connections are made and kept. */
interface Transport {
  readonly baseUrl: string
  readonly agent: http.Agent
}

/** Certificate authorities (PEM) to trust besides the system's, or none at all to check. */
export interface TlsTrust {
  readonly ca?: string
  readonly insecure?: boolean
}

interface RequestParts {
  readonly method: string
  /** With its query, percent-encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
  /** Milliseconds until the head of the answer; no limit when left out. */
  readonly timeoutMs?: number
}

/** Status and headers; the body is still to be read, and holds the connection until it is. */
export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly stream: http.IncomingMessage
}

/** Connections to one server; kept open between requests. `agent.destroy()` ends them. */
export function createTransport(baseUrl: string, trust: TlsTrust): Transport {
  const options = { keepAlive: true, maxSockets: 16 }
  if (!baseUrl.startsWith('https:')) return { baseUrl, agent: new http.Agent(options) }
  return {
    baseUrl,
    agent: new https.Agent({ ...options, rejectUnauthorized: trust.insecure !== true, ...(trust.ca === undefined ? {} : { ca: trust.ca }) }),
  }
}

/** Sends one request; resolves with the head of the answer. Rejects with Node's own errors, `ETIMEDOUT` when the limit runs out. */
export async function send(transport: Transport, parts: RequestParts): Promise<Answer> {
  try {
    return await sendOnce(transport, parts)
  } catch (error) {
    // A kept connection that the server closed at the same moment says nothing of the server: once more, on another one.
    if (!(error instanceof StaleConnection)) throw error
    return await sendOnce(transport, parts)
  }
}

class StaleConnection extends Error {}

function sendOnce({ baseUrl, agent }: Transport, parts: RequestParts): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = baseUrl.startsWith('https:') ? https.request : http.request
    const body = parts.body === undefined ? undefined : Buffer.from(parts.body)
    // A length is always told: Go servers with a policy refuse bodies of unknown length.
    const length =
      body === undefined
        ? parts.method === 'GET'
          ? {}
          : { 'Content-Length': '0' }
        : { 'Content-Type': 'application/json', 'Content-Length': String(body.length) }
    const sent = request(new URL(parts.path, baseUrl), {
      method: parts.method,
      agent,
      headers: { Accept: 'application/json', ...parts.headers, ...length },
      ...(parts.signal === undefined ? {} : { signal: parts.signal }),
    })
    const limit =
      parts.timeoutMs === undefined
        ? undefined
        : setTimeout(() => sent.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })), parts.timeoutMs)
    sent.once('response', (stream) => {
      clearTimeout(limit)
      resolve({ status: stream.statusCode ?? 0, headers: stream.headers, stream })
    })
    sent.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit)
      reject(sent.reusedSocket && parts.method === 'GET' && error.code === 'ECONNRESET' ? new StaleConnection() : error)
    })
    sent.end(body)
  })
}

/** Bytes of the longest answer that is read: a list of 10,000 nodes has about 20 MB. */
const LONGEST = 256 * 1024 * 1024

/** The whole text of an answer. Rejects when the connection breaks in the middle, after `timeoutMs`, or when it is endless. */
export function readText({ stream }: Answer, timeoutMs?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const limit =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => stream.destroy(Object.assign(new Error('no end in time'), { code: 'ETIMEDOUT' })), timeoutMs)
    let length = 0
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > LONGEST) stream.destroy(Object.assign(new Error('the answer is too long'), { code: 'EMSGSIZE' }))
    })
    stream.once('error', reject)
    stream.once('close', () => {
      clearTimeout(limit)
      if (stream.complete) resolve(Buffer.concat(chunks).toString('utf8'))
      else reject(stream.errored ?? Object.assign(new Error('the answer ended early'), { code: 'ECONNRESET' }))
    })
  })
}
