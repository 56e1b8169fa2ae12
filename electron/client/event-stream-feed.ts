import { AppError } from '../../shared/errors'
import type { FeedEvent, Revision } from '../../shared/http/feed'
import { feedEventSchema } from '../../shared/http/feed'
import { routes } from '../../shared/http/routes'
import { readJson } from '../../shared/read-json'
import { explainConnectionError } from './connection-error'
import type { FeedRun } from './feed'
import type { Client } from './http-client'
import { watchSilence } from './silence-watch'
import { SseParser } from './sse-parser'

/** The server writes a comment every 15 s: silence of twice that and a bit means that the stream is dead. */
const LONGEST_SILENCE = 35_000
/** Milliseconds until a stream must have begun. */
const OPENING_LIMIT = 5_000
/** Milliseconds that a server has to say that it lives. */
const PATIENCE = 3_000

interface EventStreamOptions {
  /** Milliseconds of silence after which the server is asked whether it lives. */
  readonly askWhenSilentMs: number
}

/**
 * Follows a Shoal orchestrator's event stream until it ends, breaks, falls silent or has a gap; each of these rejects, and the caller starts anew.
 * The first event is a snapshot; where it is not, the list is asked for.
 */
export async function runEventStream(client: Client, { signal, tell, now }: FeedRun, { askWhenSilentMs }: EventStreamOptions): Promise<void> {
  const { stream } = await client.openStream(routes.shoalEvents.path, { signal, timeoutMs: OPENING_LIMIT })
  const parser = new SseParser()
  let revision: Revision | undefined
  const silence = watchSilence({
    ask: () => client.call('agentAlive', { signal, timeoutMs: PATIENCE }),
    onAlive: () => {
      if (revision !== undefined) tell({ kind: 'alive', feed: 'events', asOf: now() })
    },
    onDead: (reason) => stream.destroy(reason),
    askAfterMs: askWhenSilentMs,
    longestMs: LONGEST_SILENCE,
  })
  try {
    stream.setEncoding('utf8')
    for await (const chunk of stream) {
      silence.heard()
      const events = parser.push(String(chunk))
      if (events.length === 0 && revision !== undefined) tell({ kind: 'alive', feed: 'events', asOf: now() })
      for (const { data } of events) revision = await follow(client, parseEvent(data, client.baseUrl), revision, { signal, tell, now })
    }
    throw new AppError('feed.ended', `${client.baseUrl} has ended the stream of events.`)
  } catch (error) {
    if (signal.aborted) return
    throw explainConnectionError(error, client.baseUrl)
  } finally {
    silence.end()
    stream.destroy()
  }
}

/** Tells one event and resolves with the revision it leads to. */
async function follow(client: Client, event: FeedEvent, known: Revision | undefined, { signal, tell, now }: FeedRun): Promise<Revision> {
  if (event.kind === 'snapshot') {
    tell({ kind: 'snapshot', feed: 'events', asOf: now(), revision: event.revision, nodes: event.nodes, orchestrator: event.orchestrator })
    return event.revision
  }
  if (known === undefined) {
    const snapshot = await client.call('shoalNodes', { signal })
    tell({ kind: 'snapshot', feed: 'events', asOf: now(), ...snapshot })
    return snapshot.revision
  }
  const { start, counter } = event.revision
  // Older than the list that was asked for in between: it is in there.
  if (start === known.start && counter <= known.counter) return known
  if (start !== known.start || counter !== known.counter + 1) {
    throw new AppError('feed.gap', `${client.baseUrl} has left out changes: ${known.counter} was followed by ${counter}.`)
  }
  const rows = event.kind === 'nodes' ? { changed: event.changed, removed: event.removed } : { changed: [], removed: [] }
  tell({
    kind: 'changes',
    feed: 'events',
    asOf: now(),
    revision: event.revision,
    ...rows,
    ...(event.kind === 'orchestrator' ? { orchestrator: event.orchestrator } : {}),
  })
  return event.revision
}

function parseEvent(data: string, baseUrl: string): FeedEvent {
  const parsed = feedEventSchema.safeParse(readJson(data))
  if (parsed.success) return parsed.data
  throw new AppError('client.unexpected-answer', `${baseUrl} has sent an event that cannot be read.`, {
    hint: 'Its version of Shoal may be newer than this one.',
  })
}
