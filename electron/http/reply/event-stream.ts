import type { ServerResponse } from 'node:http'

/** One server-sent event. `data` is JSON without line breaks. */
interface StreamedEvent {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** An answer of server-sent events, as its handler sees it. */
export interface EventStream {
  /** Sends an event; `false` when the reader is gone, or was cut off because it reads too slowly. Never waits. */
  send(event: StreamedEvent): boolean
  /** Aborted when the reader is gone, for whatever reason. */
  readonly signal: AbortSignal
  end(): void
}

interface EventStreamOptions {
  /** Bytes that may wait for a slow reader, beside the largest event it was sent. */
  readonly maxBuffered: number
  /** Milliseconds between two comments, by which both sides notice a dead connection. */
  readonly commentEvery: number
}

/**
 * Turns a response into a stream of server-sent events. A reader that falls behind by more than `maxBuffered` is cut off:
 * it has to start again from a snapshot, the server's memory stays bounded.
 */
export function openEventStream(response: ServerResponse, { maxBuffered, commentEvery }: EventStreamOptions): EventStream {
  const gone = new AbortController()
  let largest = 0
  const write = (text: string): boolean => {
    if (gone.signal.aborted) return false
    largest = Math.max(largest, text.length)
    response.write(text)
    if (response.writableLength <= maxBuffered + largest) return true
    response.destroy()
    gone.abort()
    return false
  }
  const heartbeat = setInterval(() => write(': still here\n\n'), commentEvery)
  heartbeat.unref()
  response.once('close', () => {
    clearInterval(heartbeat)
    gone.abort()
  })
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' })
  response.flushHeaders()
  return {
    send: ({ id, event, data }) => write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`),
    signal: gone.signal,
    end: () => {
      if (!gone.signal.aborted) response.end()
    },
  }
}
