import { create } from 'zustand'
import { remember, remembered } from '../../../../state/window/remembered'
import { columnIds, nodeColumns, type ColumnId } from '../columns'
import type { ListView, Sort } from './order-nodes'

interface ListViewState extends ListView {
  /** What the user switched on or off; other columns are as usual. */
  readonly columns: Readonly<Partial<Record<ColumnId, boolean>>>
}

const isColumn = (value: unknown): value is ColumnId => columnIds.some((id) => id === value)
function isSort(value: unknown): value is Sort {
  return (
    typeof value === 'object' &&
    value !== null &&
    'column' in value &&
    isColumn(value.column) &&
    'descending' in value &&
    typeof value.descending === 'boolean'
  )
}
function isColumns(value: unknown): value is ListViewState['columns'] {
  return typeof value === 'object' && value !== null && Object.entries(value).every(([id, shown]) => isColumn(id) && typeof shown === 'boolean')
}
const isGroup = (value: unknown): value is string | undefined => value === null || value === undefined || typeof value === 'string'

/** How the list of nodes is looked at; sort, grouping and columns are remembered. */
export const useListView = create<ListViewState>(() => ({
  segment: 'all',
  filter: '',
  sort: remembered('nodes.sort', isSort, { column: 'name', descending: false }),
  groupBy: remembered<string | undefined>('nodes.group', isGroup, undefined) ?? undefined,
  foldedGroups: [],
  wholeGroups: [],
  columns: remembered('nodes.columns', isColumns, {}),
}))

/** Not remembered: a new window shows all nodes. */
export function setSegment(segment: ListView['segment']): void {
  useListView.setState({ segment })
}

/** The text as typed; not remembered. */
export function setFilter(filter: string): void {
  useListView.setState({ filter })
}

/** Remembered over starts of the app. */
export function setSort(sort: Sort): void {
  remember('nodes.sort', sort)
  useListView.setState({ sort })
}

/** By a label’s key, or not at all; remembered. Opens every group. */
export function setGroupBy(groupBy: string | undefined): void {
  remember('nodes.group', groupBy ?? null)
  useListView.setState({ groupBy, foldedGroups: [], wholeGroups: [] })
}

function toggled(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name]
}

/** Folds a group, or opens it. */
export function toggleGroup(name: string): void {
  useListView.setState(({ foldedGroups }) => ({ foldedGroups: toggled(foldedGroups, name) }))
}

/** Shows all connected nodes of a group, or again only its first ones. */
export function showWholeGroup(name: string): void {
  useListView.setState(({ wholeGroups }) => ({ wholeGroups: toggled(wholeGroups, name) }))
}

/** What the user wants beats what is usual; remembered. */
export function showColumn(id: ColumnId, shown: boolean): void {
  const columns = { ...useListView.getState().columns, [id]: shown }
  remember('nodes.columns', columns)
  useListView.setState({ columns })
}

/** Whether a column is to be shown if there is room. */
export function isColumnWanted(columns: ListViewState['columns'], id: ColumnId): boolean {
  return columns[id] ?? nodeColumns[id].usual
}

/** As one looks at a list for the first time. Another cluster's filter would hide this one's nodes. */
export function resetFilters(): void {
  useListView.setState({ segment: 'all', filter: '', foldedGroups: [], wholeGroups: [] })
}
