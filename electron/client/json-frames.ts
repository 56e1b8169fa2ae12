import type { IncomingMessage } from 'node:http'
import type { RawData, WebSocket } from 'ws'
import { AppError } from '../../shared/errors'
import { readText } from './http-request'
import type { TlsTrust } from './http-request'

/** An upgrade that the server answered with something else. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused'
  constructor(
    readonly status: number,
    readonly text: string,
  ) {
    super(`status ${status}`)
  }
}

interface FrameSource extends TlsTrust {
  /** `ws://` or `wss://`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Milliseconds until the server has taken the connection over. */
  readonly timeoutMs: number
}

/** Frames that wait to be read before the connection is held back. */
const MOST_WAITING = 256

/**
 * Opens a WebSocket of which every frame is JSON. Rejects with UpgradeRefused, or Node's own errors. The frames end when the server closes in order or
 * `signal` is aborted; any other end throws. The library is loaded with the first one.
 */
export async function openJsonFrames(source: FrameSource): Promise<AsyncIterable<unknown>> {
  const { WebSocket } = await import('ws')
  const { url, headers, ca, insecure, timeoutMs } = source
  const socket = new WebSocket(url, {
    headers,
    handshakeTimeout: timeoutMs,
    perMessageDeflate: false,
    ...(ca === undefined ? {} : { ca }),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  })
  const frames = readFrames(socket, source.signal)
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request: unknown, response: IncomingMessage) => {
      readText({ status: response.statusCode ?? 0, headers: response.headers, stream: response }, timeoutMs).then((text) => {
        reject(new UpgradeRefused(response.statusCode ?? 0, text))
        socket.terminate()
      }, reject)
    })
  })
  return frames
}

type Ending = { readonly kind: 'open' } | { readonly kind: 'closed' } | { readonly kind: 'broken'; readonly error: unknown }

function readFrames(socket: WebSocket, signal: AbortSignal | undefined): AsyncIterable<unknown> {
  const waiting: string[] = []
  let ending: Ending = { kind: 'open' }
  let wake: () => void = () => undefined
  const end = (how: Ending): void => {
    if (ending.kind === 'open') ending = how
    wake()
  }
  // A stream that nobody reads any more is dropped at once, so that the node can stop at once.
  const abort = (): void => {
    end({ kind: 'closed' })
    socket.terminate()
  }
  if (signal?.aborted === true) abort()
  signal?.addEventListener('abort', abort, { once: true })
  socket.on('message', (data: RawData) => {
    waiting.push(textOf(data))
    if (waiting.length >= MOST_WAITING) socket.pause()
    wake()
  })
  socket.on('error', (error) => end({ kind: 'broken', error: broken(error.message, error) }))
  socket.on('close', (code, reason) => {
    const why = reason.length === 0 ? `close code ${code}` : `close code ${code}, ${reason.toString()}`
    end(code === 1000 ? { kind: 'closed' } : { kind: 'broken', error: broken(why) })
  })
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          const text = waiting.shift()
          if (text !== undefined) {
            if (waiting.length === 0 && socket.isPaused) socket.resume()
            yield parseFrame(text)
          } else if (ending.kind === 'closed') return
          else if (ending.kind === 'broken') throw ending.error
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      } finally {
        signal?.removeEventListener('abort', abort)
        socket.terminate()
      }
    },
  }
}

function broken(why: string, cause?: unknown): AppError {
  return new AppError('client.stream-broken', `The stream broke off before its end: ${why}.`, {
    hint: 'Look whether the server still runs, then ask again.',
    ...(cause === undefined ? {} : { cause }),
  })
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString('utf8')
}

function parseFrame(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError('client.unexpected-answer', `A frame of the stream is no JSON: "${text.slice(0, 80)}".`, { cause: error })
  }
}
