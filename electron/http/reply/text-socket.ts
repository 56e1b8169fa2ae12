import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** An answer over a WebSocket, as its handler sees it: JSON texts to the reader, nothing back. */
export interface TextSocket {
  /** Sends one frame, the text ending with a newline; waits while the reader is behind. `false`: the reader is gone. */
  send(value: object): Promise<boolean>
  /** Aborted when the reader is gone, for whatever reason. */
  readonly signal: AbortSignal
  /** Ends it in order (close code 1000). */
  end(): void
}

interface TextSocketOptions {
  /** Bytes that may wait for a slow reader. */
  readonly maxBuffered: number
  /** A reader that answers no ping, or takes nothing, for so long is dead. Milliseconds. */
  readonly deadAfterMs: number
}

const checkEvery = 3
const maxIncoming = 64 * 1024

/** Takes an upgraded connection over. The library is loaded with the first one. */
export async function openTextSocket(request: IncomingMessage, socket: Duplex, head: Buffer, options: TextSocketOptions): Promise<TextSocket> {
  const { WebSocketServer } = await import('ws')
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxIncoming })
  return new Promise((resolve) => server.handleUpgrade(request, socket, head, (opened) => resolve(textSocket(opened, options))))
}

function textSocket(socket: WebSocket, { maxBuffered, deadAfterMs }: TextSocketOptions): TextSocket {
  const gone = new AbortController()
  let heardAt = performance.now()
  let drained: (() => void) | undefined
  const check = setInterval(() => {
    if (performance.now() - heardAt > deadAfterMs) return socket.terminate()
    socket.ping()
  }, deadAfterMs / checkEvery)
  check.unref()
  const heard = (): void => {
    heardAt = performance.now()
  }
  socket.on('pong', heard)
  socket.on('message', heard)
  // What follows an error is the close.
  socket.on('error', () => socket.terminate())
  socket.once('close', () => {
    clearInterval(check)
    gone.abort()
    drained?.()
  })
  return {
    send: async (value) => {
      if (gone.signal.aborted || socket.readyState !== socket.OPEN) return false
      socket.send(`${JSON.stringify(value)}\n`, () => {
        if (socket.bufferedAmount <= maxBuffered) drained?.()
      })
      if (socket.bufferedAmount > maxBuffered) {
        await new Promise<void>((resolve) => (drained = resolve))
        drained = undefined
      }
      return !gone.signal.aborted
    },
    signal: gone.signal,
    end: () => {
      if (!gone.signal.aborted) socket.close(1000)
    },
  }
}
