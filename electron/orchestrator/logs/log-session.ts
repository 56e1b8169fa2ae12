import type { LogFrame } from '../../../shared/http/job-routes'
import type { TextSocket } from '../../http/reply/text-socket'
import type { LogEvent, LogRequest, StreamConsumer } from './stream-consumer'

/** What may wait for a reader who is slower than the program, in characters. */
const mostWaiting = 16 * 1024 * 1024

/** A fault as clients of a log stream read it. */
export const errorFrame = (error: string): LogFrame => ({ error, value: { Type: 0, Line: '' } })

/** Hands a node's stream to a reader until either ends. A reader who falls far behind is told so and let go, so that memory stays bounded. */
export async function relayLogs(consumer: StreamConsumer, request: LogRequest, socket: TextSocket): Promise<void> {
  const waiting: LogEvent[] = []
  let size = 0
  let wake: (() => void) | undefined
  const push = (event: LogEvent): void => {
    if (event.kind === 'chunk') {
      size += event.Line.length
      if (size > mostWaiting) {
        close()
        waiting.length = 0
        event = { kind: 'end', message: 'the reader is too slow for this stream' }
      }
    }
    waiting.push(event)
    wake?.()
  }
  const close = consumer.open(request, push)
  socket.signal.addEventListener('abort', () => wake?.(), { once: true })
  try {
    for (;;) {
      const event = waiting.shift()
      if (socket.signal.aborted) return
      if (event === undefined) {
        await new Promise<void>((resolve) => (wake = resolve))
        wake = undefined
        continue
      }
      if (event.kind === 'chunk') {
        size -= event.Line.length
        await socket.send({ value: { Type: event.Type, Line: event.Line } })
      } else if (event.kind === 'error') await socket.send(errorFrame(event.message))
      else {
        if (event.message !== undefined) await socket.send(errorFrame(event.message))
        return
      }
    }
  } finally {
    close()
  }
}
