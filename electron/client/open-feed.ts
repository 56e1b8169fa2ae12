import { randomUUID } from 'node:crypto'
import { AppError, toFailure } from '../../shared/errors'
import { runEventStream } from './event-stream-feed'
import type { FeedListener, FeedRun, FeedUpdate } from './feed'
import type { Client } from './http-client'
import { runPolling } from './polling-feed'
import { retryDelay } from './retry-delay'

/** A running feed. It goes on, through whatever happens to the server, until it is closed. */
export interface Feed {
  /** Nothing is told after this returns. */
  close(): void
  /** Does not wait for the next try. */
  retryNow(): void
}

interface FeedOptions {
  /** Milliseconds between two questions to an orchestrator without an event stream. */
  readonly pollEveryMs?: number
  /** Milliseconds of silence of an event stream after which the server is asked whether it lives. */
  readonly askWhenSilentMs?: number
  readonly now?: () => number
  readonly random?: () => number
}

const POLL_EVERY = 1_500
const ASK_WHEN_SILENT = 2_000

/**
 * Follows a cluster through its API: by the event stream of a Shoal orchestrator, else by asking again and again. A gap, an end or an error starts
 * it anew, with growing pauses; meanwhile `onStale` tells why and when it goes on. The listener must not throw.
 */
export function openFeed(client: Client, listener: FeedListener, options: FeedOptions = {}): Feed {
  const { pollEveryMs = POLL_EVERY, askWhenSilentMs = ASK_WHEN_SILENT, now = Date.now, random = Math.random } = options
  const closed = new AbortController()
  const isClosed = (): boolean => closed.signal.aborted
  let wake: (() => void) | undefined
  let failures = 0

  const tell = (update: FeedUpdate): void => {
    if (isClosed()) return
    failures = 0
    listener.onEvent(update)
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const follow = async (): Promise<void> => {
    while (!isClosed()) {
      try {
        const run: FeedRun = { signal: closed.signal, tell, now }
        await runEventStream(client, run, { askWhenSilentMs }).catch((error: unknown) => {
          if (!isUnknownRoute(error)) throw error
          return runPolling(client, run, { everyMs: pollEveryMs, start: randomUUID() })
        })
      } catch (error) {
        if (isClosed()) return
        failures += 1
        const wait = retryDelay(failures, random())
        listener.onStale(toFailure(error), now() + wait)
        await pause(wait)
      }
    }
  }
  void follow()

  return {
    close: () => {
      closed.abort()
      wake?.()
    },
    retryNow: () => wake?.(),
  }
}

/** Whether an error says that the server does not know the route: then it has no event stream. */
function isUnknownRoute(error: unknown): boolean {
  return error instanceof AppError && error.details?.['status'] === '404'
}
