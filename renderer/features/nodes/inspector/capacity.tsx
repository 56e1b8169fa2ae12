import { CapacityBar } from '../../../components/signs/capacity-bar'
import surface from '../../../components/surface.module.css'
import { amount, byteUnit } from '../../../i18n/amount'
import { span } from '../../../i18n/duration'
import { t } from '../../../i18n/i18n'
import { useNow } from '../../../state/clock'
import { heartbeatOf, type NodeEntry } from '../../../state/nodes/node-entry'
import { shareOf, type Resource } from '../../../state/nodes/node-work'
import { useClusterView } from '../cluster-context'
import styles from './inspector.module.css'

const resources: readonly Resource[] = ['CPU', 'Memory', 'Disk', 'GPU']

/** What the node has and what of it is in use. */
export function Capacity({ entry }: { readonly entry: NodeEntry }) {
  const now = useNow()
  const { stale } = useClusterView()
  const reported = heartbeatOf(entry)
  // By the orchestrator's books it is told as it happens; by heartbeats alone it is as old as the last one.
  const byBooks = entry.row?.work !== undefined
  const shares = resources
    .map((resource) => ({ resource, share: shareOf(entry, resource) }))
    .filter(({ resource, share }) => share !== 'none' && !(resource === 'GPU' && share === 'unknown'))
  if (shares.length === 0) return null
  const past = shares.some(({ share }) => typeof share !== 'string' && share.past)
  return (
    <div>
      <div className={surface.sectionHead}>
        {t('inspector.capacity')}
        {past && <small>{t('inspector.lastKnown')}</small>}
        {!past && !byBooks && reported !== undefined && <small>{t('inspector.lastReported', { age: span(now - reported) })}</small>}
      </div>
      {shares.map(({ resource, share }) => {
        const unit = typeof share === 'string' || resource === 'CPU' || resource === 'GPU' ? undefined : byteUnit(share.total)
        const size = unit?.size ?? 1
        return (
          <div key={resource} className={styles.capacity}>
            <span>{t(`column.${resource === 'CPU' ? 'cpu' : resource === 'Memory' ? 'memory' : resource === 'Disk' ? 'disk' : 'gpu'}`)}</span>
            <CapacityBar share={share === 'none' ? 'unknown' : share} stale={stale} warnsWhenFull={resource === 'Disk'} />
            {typeof share === 'string' ? (
              <span className={styles.figure}>
                <span>{t('inspector.unknown')}</span>
              </span>
            ) : (
              <span className={styles.figure}>
                {amount(share.used / size)}{' '}
                <span>
                  / {amount(share.total / size)} {unit?.name ?? (resource === 'CPU' ? t('inspector.cores') : '')}
                </span>
              </span>
            )}
          </div>
        )
      })}
    </div>
  )
}
