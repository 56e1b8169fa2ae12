import { Waypoints } from 'lucide-react'
import { CapacityBar } from '../../../../components/signs/capacity-bar'
import { classNames } from '../../../../components/class-names'
import { Icon } from '../../../../components/signs/icon'
import { Tag } from '../../../../components/signs/tag'
import { amount, byteUnit, count } from '../../../../i18n/amount'
import { freshSpan } from '../../../../i18n/duration'
import { useNow } from '../../../../state/clock'
import { addressOf, enginesOf, entryIsOrchestrator, heartbeatOf, labelsOf, type NodeEntry } from '../../../../state/nodes/node-entry'
import { jobsOf, shareOf, type Jobs, type Resource } from '../../../../state/nodes/node-work'
import { t } from '../../../../i18n/i18n'
import { useProduct, useRtt } from '../../../../state/nodes/nodes-store'
import text from '../../../../theme/text.module.css'
import type { ColumnId } from '../columns'
import { useListView } from '../list/list-view-store'
import styles from '../node-table.module.css'
import { StateCell } from './state-cell'

const nothing = <span className={styles.third}>–</span>

interface CellProps {
  readonly column: ColumnId
  readonly entry: NodeEntry
  readonly stale: boolean
}

/** One cell of a row. What is not known is dashed or a dash, never 0. */
export function NodeCell({ column, entry, stale }: CellProps) {
  switch (column) {
    case 'name':
      return (
        <span role="gridcell" className={styles.name}>
          <span className={styles.words}>{entry.id}</span>
          {entryIsOrchestrator(entry) && <Icon of={Waypoints} size={13} />}
          {entryIsOrchestrator(entry) && <span className={text.hidden}>{t('nodes.orchestrator')}</span>}
        </span>
      )
    case 'state':
      return <StateCell entry={entry} />
    case 'engines':
      return (
        <span role="gridcell" className={classNames(styles.small, styles.second)}>
          {enginesOf(entry).join(', ') || nothing}
        </span>
      )
    case 'cpu':
      return <ShareCell entry={entry} resource="CPU" stale={stale} />
    case 'memory':
      return <ShareCell entry={entry} resource="Memory" stale={stale} />
    case 'disk':
      return <ShareCell entry={entry} resource="Disk" stale={stale} />
    case 'gpu':
      return <GpuCell entry={entry} />
    case 'jobs':
      return <JobsCell entry={entry} />
    case 'rtt':
      return <RttCell entry={entry} />
    case 'heartbeat':
      return <HeartbeatCell at={heartbeatOf(entry)} />
    case 'version':
      return <VersionCell entry={entry} />
    case 'address':
      return (
        <span role="gridcell" className={classNames(text.mono, styles.second)}>
          {addressOf(entry) ?? nothing}
        </span>
      )
    case 'process':
      return (
        <span role="gridcell" className={classNames(text.mono, styles.end, styles.third)}>
          {entry.local?.state.kind === 'running' ? entry.local.state.pid : nothing}
        </span>
      )
    case 'labels':
      return <LabelsCell entry={entry} />
  }
}

function ShareCell({ entry, resource, stale }: { readonly entry: NodeEntry; readonly resource: Resource; readonly stale: boolean }) {
  const share = shareOf(entry, resource)
  if (share === 'none') return <span role="gridcell">{nothing}</span>
  if (share === 'unknown') {
    return (
      <span role="gridcell">
        <CapacityBar share="unknown" />
        <span className={text.hidden}>{t('inspector.unknown')}</span>
      </span>
    )
  }
  const unit = resource === 'CPU' ? undefined : byteUnit(share.total)
  const size = unit?.size ?? 1
  return (
    <span role="gridcell" title={share.past ? t('nodes.lastKnown') : undefined}>
      <CapacityBar share={share} stale={stale} warnsWhenFull={resource === 'Disk'} />
      <span className={classNames(styles.share, unit && styles.withUnit, share.past && styles.past)}>
        {share.past && <span className={text.hidden}>{t('nodes.lastKnown')}</span>}
        {amount(share.used / size)}
        <span className={styles.third}>
          {' '}
          / {amount(share.total / size)}
          {unit && ` ${unit.name}`}
        </span>
      </span>
    </span>
  )
}

function RttCell({ entry }: { readonly entry: NodeEntry }) {
  return (
    <span role="gridcell" className={classNames(styles.end, styles.figures, styles.second)}>
      {useRtt(entry)?.toFixed(1) ?? nothing}
    </span>
  )
}

/** Running executions and, after a plus, those that wait. */
function JobsCell({ entry }: { readonly entry: NodeEntry }) {
  const jobs = jobsOf(entry)
  if (typeof jobs === 'string') {
    const untold = jobs === 'unknown' && entry.row !== undefined && entry.row.work === undefined
    return (
      <span role="gridcell" className={styles.end} title={untold ? t('nodes.workNotTold') : undefined}>
        {nothing}
        {jobs === 'unknown' && <span className={text.hidden}>{t('inspector.unknown')}</span>}
      </span>
    )
  }
  const waiting = jobs.queued + jobs.asked
  return (
    <span role="gridcell" className={classNames(styles.end, styles.figures, jobs.past ? styles.past : styles.second)} title={jobsTip(jobs)}>
      {jobs.past && <span className={text.hidden}>{t('nodes.lastKnown')}</span>}
      {count(jobs.running)}
      {waiting > 0 && <span className={styles.third}>+{count(waiting)}</span>}
    </span>
  )
}

function jobsTip({ running, queued, asked, past }: Jobs): string {
  const parts = [
    t('nodes.running', { many: count(running) }),
    ...(queued > 0 ? [t('nodes.queued', { many: count(queued) })] : []),
    ...(asked > 0 ? [t('nodes.asked', { many: count(asked) })] : []),
  ].join(', ')
  return past ? `${parts}. ${t('nodes.lastKnown')}` : parts
}

function GpuCell({ entry }: { readonly entry: NodeEntry }) {
  const share = shareOf(entry, 'GPU')
  return (
    <span role="gridcell" className={classNames(styles.end, styles.figures, styles.second)}>
      {typeof share === 'string' ? nothing : `${share.used} / ${share.total}`}
    </span>
  )
}

function HeartbeatCell({ at }: { readonly at: number | undefined }) {
  return (
    <span role="gridcell" className={classNames(styles.end, styles.figures, styles.third, styles.small)}>
      {at !== undefined && <Age since={at} />}
    </span>
  )
}

function Age({ since }: { readonly since: number }) {
  return freshSpan(useNow() - since)
}

function VersionCell({ entry }: { readonly entry: NodeEntry }) {
  const product = useProduct(entry)
  return (
    <span role="gridcell" className={classNames(styles.small, styles.second)}>
      <span className={styles.words}>{product && `${product.name} ${product.version}`}</span>
    </span>
  )
}

/** Facts that every node tells: they come after the labels that someone chose. */
const common = new Set(['os_type', 'os_arch', 'name'])

function LabelsCell({ entry }: { readonly entry: NodeEntry }) {
  const groupBy = useListView((state) => state.groupBy)
  const labels = labelsOf(entry)
  // What the list is grouped by stands above the row already.
  const first = labels.find(([key]) => !common.has(key) && key !== groupBy) ?? labels.find(([key]) => key === 'os_arch') ?? labels[0]
  return (
    <span role="gridcell">
      {first && <Tag label={first} />}
      {labels.length > 1 && <span className={classNames(styles.small, styles.third, styles.rest)}>+{labels.length - 1}</span>}
    </span>
  )
}
