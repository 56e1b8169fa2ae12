import { addressOf, enginesOf, heartbeatOf, labelsOf, productOf, rttOf, type NodeEntry } from '../../../state/nodes/node-entry'
import { nodeWords } from '../../../state/nodes/node-status'
import { jobsOf, shareOf, type Resource } from '../../../state/nodes/node-work'

/** All columns, in their order on screen. */
export const columnIds = [
  'name',
  'state',
  'engines',
  'cpu',
  'memory',
  'disk',
  'gpu',
  'jobs',
  'rtt',
  'heartbeat',
  'version',
  'address',
  'process',
  'labels',
] as const
/** Which column. */
export type ColumnId = (typeof columnIds)[number]

type SortValue = number | string | undefined

/** How a column is laid out, sorted and left out where there is no room. */
interface NodeColumn {
  /** CSS of its track in the grid of a row. */
  readonly track: string
  /** The width under which it is left out rather than squeezed. Pixels. */
  readonly minWidth: number
  readonly align: 'start' | 'end'
  /** What goes first when the room is short: the highest number, and all of one number together. Without one it always stays. */
  readonly leaves?: number
  /** Shown unless the user says otherwise. */
  readonly usual: boolean
  /** Its values move by themselves: order by it is renewed only while nobody points into the list. */
  readonly live: boolean
  readonly firstDescending: boolean
  readonly sortValue: (entry: NodeEntry) => SortValue
}

function inUse(resource: Resource): (entry: NodeEntry) => SortValue {
  return (entry) => {
    const share = shareOf(entry, resource)
    return typeof share === 'string' ? undefined : share.used / share.total
  }
}

/** Every column of the list. */
export const nodeColumns: { readonly [Id in ColumnId]: NodeColumn } = {
  name: {
    track: 'minmax(120px, 1.2fr)',
    minWidth: 120,
    align: 'start',
    usual: true,
    live: false,
    firstDescending: false,
    sortValue: (entry) => entry.sortName,
  },
  state: {
    track: 'minmax(132px, 1.3fr)',
    minWidth: 132,
    align: 'start',
    usual: true,
    live: true,
    firstDescending: true,
    sortValue: (entry) => nodeWords[entry.status.word].rank,
  },
  engines: {
    track: '80px',
    minWidth: 80,
    align: 'start',
    leaves: 4,
    usual: true,
    live: false,
    firstDescending: false,
    sortValue: (entry) => enginesOf(entry).join(', ') || undefined,
  },
  cpu: {
    track: 'minmax(96px, 1fr)',
    minWidth: 102,
    align: 'start',
    leaves: 1,
    usual: true,
    live: true,
    firstDescending: true,
    sortValue: inUse('CPU'),
  },
  memory: {
    track: 'minmax(104px, 1fr)',
    minWidth: 108,
    align: 'start',
    leaves: 1,
    usual: true,
    live: true,
    firstDescending: true,
    sortValue: inUse('Memory'),
  },
  disk: {
    track: 'minmax(104px, 1fr)',
    minWidth: 118,
    align: 'start',
    leaves: 5,
    usual: false,
    live: true,
    firstDescending: true,
    sortValue: inUse('Disk'),
  },
  gpu: { track: '40px', minWidth: 40, align: 'end', leaves: 4, usual: true, live: true, firstDescending: true, sortValue: inUse('GPU') },
  jobs: {
    track: '48px',
    minWidth: 48,
    align: 'end',
    leaves: 2,
    usual: true,
    live: true,
    firstDescending: true,
    sortValue: (entry) => {
      const jobs = jobsOf(entry)
      return typeof jobs === 'string' ? undefined : jobs.running + jobs.queued + jobs.asked
    },
  },
  rtt: { track: '48px', minWidth: 48, align: 'end', leaves: 2, usual: true, live: true, firstDescending: true, sortValue: rttOf },
  heartbeat: { track: '62px', minWidth: 62, align: 'end', leaves: 5, usual: false, live: true, firstDescending: true, sortValue: heartbeatOf },
  version: {
    track: '88px',
    minWidth: 88,
    align: 'start',
    leaves: 3,
    usual: true,
    live: false,
    firstDescending: false,
    sortValue: (entry) => {
      const product = productOf(entry)
      return product && `${product.name} ${product.version}`
    },
  },
  address: {
    track: 'minmax(104px, .8fr)',
    minWidth: 104,
    align: 'start',
    leaves: 6,
    usual: false,
    live: false,
    firstDescending: false,
    sortValue: addressOf,
  },
  process: {
    track: '56px',
    minWidth: 56,
    align: 'end',
    leaves: 6,
    usual: false,
    live: false,
    firstDescending: false,
    sortValue: (entry) => (entry.local?.state.kind === 'running' ? entry.local.state.pid : undefined),
  },
  labels: {
    track: 'minmax(126px, .9fr)',
    minWidth: 126,
    align: 'start',
    leaves: 3,
    usual: true,
    live: false,
    firstDescending: false,
    sortValue: (entry) =>
      labelsOf(entry)
        .map(([key, value]) => `${key}=${value}`)
        .join(' ') || undefined,
  },
}

/** The sign of the two truths stands before all columns. */
const SIGN_WIDTH = 20
const GAP = 12
const MARGINS = 24

/** Those of `wanted` for which a row of `width` pixels has room, in the order of the table. */
export function fitColumns(wanted: readonly ColumnId[], width: number): readonly ColumnId[] {
  const kept = new Set(wanted)
  const needed = (): number => [...kept].reduce((sum, id) => sum + GAP + nodeColumns[id].minWidth, MARGINS + SIGN_WIDTH)
  while (needed() > width) {
    const leaving = Math.max(...[...kept].map((id) => nodeColumns[id].leaves ?? 0))
    if (leaving === 0) break
    for (const id of kept) if (nodeColumns[id].leaves === leaving) kept.delete(id)
  }
  return columnIds.filter((id) => kept.has(id))
}

/** `grid-template-columns` of a row. */
export function tracksOf(columns: readonly ColumnId[]): string {
  return [`${SIGN_WIDTH}px`, ...columns.map((id) => nodeColumns[id].track)].join(' ')
}
