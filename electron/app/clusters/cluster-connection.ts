import type { ClusterLink, NodesEvent } from '../../../shared/cluster'
import { createClient, type Client } from '../../client/http-client'
import { openFeed } from '../../client/open-feed'
import { createNodeMirror, type NodeMirror } from './node-mirror'

/** Whatever is known of a cluster comes through here, and whatever is asked of it goes through `client`: local and attached alike. */
export interface ClusterConnection {
  readonly client: Client
  readonly link: ClusterLink
  readonly mirror: NodeMirror
  /** Does not wait for the next try. */
  retryNow(): void
  close(): void
}

interface ClusterConnectionOptions {
  readonly clusterId: string
  readonly baseUrl: string
  /** The kind of link has changed, or the proof that it lives is a second newer. */
  readonly onLink: () => void
  readonly onNodes: (event: NodesEvent) => void
  readonly now?: () => number
}

/** How much newer `asOf` must be to be told by itself. */
const AGE_STEP_MS = 1_000

/** Opens the feed of a cluster's API; it is asked again until `close`. */
export function openConnection({ clusterId, baseUrl, onLink, onNodes, now = Date.now }: ClusterConnectionOptions): ClusterConnection {
  const client = createClient({ baseUrl })
  const mirror = createNodeMirror(clusterId)
  let link: ClusterLink = { kind: 'connecting', since: now() }
  let toldAsOf = 0
  const enter = (next: ClusterLink): void => {
    const isNews = next.kind !== 'live' || link.kind !== 'live' || next.asOf - toldAsOf >= AGE_STEP_MS
    link = next
    if (!isNews) return
    toldAsOf = next.kind === 'live' ? next.asOf : 0
    onLink()
  }
  const feed = openFeed(
    client,
    {
      onEvent: (update) => {
        const event = mirror.take(update)
        if (event !== undefined) onNodes(event)
        enter({ kind: 'live', asOf: update.asOf, feed: update.feed })
      },
      onStale: (failure, nextTryAt) => {
        const asOf = link.kind === 'live' || link.kind === 'stale' ? link.asOf : undefined
        enter(asOf === undefined ? { kind: 'unreachable', failure, nextTryAt } : { kind: 'stale', asOf, failure, nextTryAt })
      },
    },
    { now },
  )
  return {
    client,
    mirror,
    get link() {
      return link
    },
    retryNow: () => feed.retryNow(),
    close: () => {
      feed.close()
      client.close()
    },
  }
}
