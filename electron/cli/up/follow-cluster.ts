import type { NodeRow } from '../../../shared/models/node-row'
import type { Feed } from '../../client/open-feed'
import { openFeed } from '../../client/open-feed'
import type { Client } from '../../client/http-client'
import { createClient } from '../../client/http-client'
import type { FeedUpdate } from '../../client/feed'
import type { LocalCluster } from '../../local/cluster/local-cluster'

/** The nodes of a cluster as its API tells them, wherever that is at the moment. */
interface FollowedCluster {
  now(): { readonly nodes: readonly NodeRow[]; readonly asOf: number | undefined; readonly trouble: string | undefined }
  close(): void
}

/** Opens the feed of a cluster's API whenever there is one, and tells of every change: of the cluster, and of its nodes. */
export function followCluster(cluster: LocalCluster, onChange: () => void): FollowedCluster {
  let open: { readonly url: string; readonly client: Client; readonly feed: Feed } | undefined
  const rows = new Map<string, NodeRow>()
  let asOf: number | undefined
  let trouble: string | undefined

  const take = (update: FeedUpdate): void => {
    asOf = update.asOf
    trouble = undefined
    if (update.kind === 'snapshot') rows.clear()
    if (update.kind === 'changes') for (const id of update.removed) rows.delete(id)
    for (const row of update.kind === 'snapshot' ? update.nodes : update.kind === 'changes' ? update.changed : [])
      rows.set(row.state.Info.NodeID, row)
    onChange()
  }
  const close = (): void => {
    open?.feed.close()
    open?.client.close()
    open = undefined
  }
  const follow = (): void => {
    const { apiUrl, phase } = cluster.view
    const url = phase.kind === 'stopped' || phase.kind === 'failed' ? undefined : apiUrl
    if (url === open?.url) return
    close()
    if (url === undefined) return
    const client = createClient({ baseUrl: url })
    const onStale = (failure: { readonly message: string }): void => {
      trouble = failure.message
      onChange()
    }
    open = { url, client, feed: openFeed(client, { onEvent: take, onStale }) }
  }
  const unlisten = cluster.on(() => {
    follow()
    onChange()
  })
  follow()
  return {
    now: () => ({ nodes: [...rows.values()].sort(byName), asOf, trouble }),
    close: () => {
      unlisten()
      close()
    },
  }
}

/** The orchestrator first, then by name. */
function byName(a: NodeRow, b: NodeRow): number {
  const rank = ({ state }: NodeRow): number => (state.Info.NodeType === 'Compute' ? 1 : 0)
  return rank(a) - rank(b) || a.state.Info.NodeID.localeCompare(b.state.Info.NodeID, 'en', { numeric: true })
}
