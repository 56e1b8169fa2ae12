import type { Cluster } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { Note } from '../../components/notes/note'
import { amount } from '../../i18n/amount'
import { t } from '../../i18n/i18n'
import { addressOf, productOf, type NodeEntry } from '../../state/nodes/node-entry'
import { shareOf } from '../../state/nodes/node-work'
import { useNodes } from '../../state/nodes/nodes-store'
import { readNotice, useUi } from '../../state/window/ui-store'
import { useClusterView } from './cluster-context'
import styles from './nodes-screen.module.css'
import { runNodeAct } from './run-node-act'
import { setSegment } from './table/list/list-view-store'

/** What is said above the list: notices of the start, and nodes that wait for a person. */
export function NodesNotes({ cluster }: { readonly cluster: Cluster }) {
  const read = useUi((state) => state.readNotices)
  return (
    <div className={styles.notes}>
      {cluster.notices
        .filter((notice) => !read.includes(notice))
        .map((notice) => (
          <Note
            key={notice}
            kind="warn"
            actions={
              <Button size="small" look="ghost" onClick={() => readNotice(notice)}>
                {t('act.dismiss')}
              </Button>
            }
          >
            {notice}
          </Note>
        ))}
      <Pending />
    </div>
  )
}

function Pending() {
  const many = useNodes((state) => state.fold?.counts.pending ?? 0)
  const { stale } = useClusterView()
  const one = useNodes((state) => (many === 1 ? firstPending(state.fold?.entries.values() ?? []) : undefined))
  if (many === 0 || stale) return null
  if (one !== undefined) return <PendingOne entry={one} />
  return (
    <Note
      kind="wait"
      large
      actions={
        <Button size="small" onClick={() => setSegment('pending')}>
          {t('nodes.showThem')}
        </Button>
      }
    >
      {t('nodes.waitMany', { count: many })}
    </Note>
  )
}

function firstPending(entries: Iterable<NodeEntry>): NodeEntry | undefined {
  for (const entry of entries) if (entry.status.word === 'pending') return entry
  return undefined
}

function PendingOne({ entry }: { readonly entry: NodeEntry }) {
  const { clusterId, live } = useClusterView()
  const product = productOf(entry)
  const cpu = shareOf(entry, 'CPU')
  const from = addressOf(entry)
  const withToken = useNodes((state) => state.fold?.orchestrator?.nats.tokenRequired === true)
  return (
    <Note
      kind="wait"
      large
      actions={
        <>
          <Button size="small" disabled={!live} onClick={() => void runNodeAct('approve', clusterId, entry.id)}>
            {t('act.approve')}
          </Button>
          <Button size="small" look="ghost" disabled={!live} onClick={() => void runNodeAct('reject', clusterId, entry.id)}>
            {t('act.reject')}
          </Button>
        </>
      }
    >
      <b>{entry.id}</b> {t('nodes.waits')}{' '}
      {from !== undefined && product !== undefined && typeof cpu !== 'string'
        ? t(withToken ? 'nodes.waitsFromWithToken' : 'nodes.waitsFrom', {
            address: from,
            product: `${product.name} ${product.version}`,
            cores: amount(cpu.total),
          })
        : ''}
    </Note>
  )
}
