import type { HandlersFor } from '../../http/route-handlers'
import type { Feed } from '../feed/feed'

/** Shoal's own view of the nodes: as it stands, and as a stream of changes. */
export function feedHandlers(feed: Feed, freshen: () => Promise<void>): HandlersFor<'shoalNodes' | 'shoalEvents'> {
  return {
    shoalNodes: async () => {
      await freshen()
      return feed.snapshot()
    },
    shoalEvents: async (request, stream) => {
      await freshen()
      if (stream.signal.aborted) return
      const end = feed.read(request.header('Last-Event-ID'), (event) => void stream.send(event))
      stream.signal.addEventListener('abort', end, { once: true })
    },
  }
}
