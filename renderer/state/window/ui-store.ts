import { create } from 'zustand'
import type { Failure } from '../../../shared/errors'
import { clusterOf, samePlace, type Place } from './place'
import { remember, remembered } from './remembered'

/** Height of the rows in lists. */
export type Density = 'normal' | 'compact'

/** The one dialog that is open, with what it needs to know. */
export type DialogState =
  | { readonly kind: 'share'; readonly clusterId: string }
  | { readonly kind: 'attach'; readonly url: string; readonly testAtOnce: boolean }
  | { readonly kind: 'add-nodes'; readonly clusterId: string }
  | { readonly kind: 'join-nodes'; readonly clusterId: string }
  | { readonly kind: 'stop-cluster'; readonly clusterId: string }
  | { readonly kind: 'rename-cluster'; readonly clusterId: string }
  | { readonly kind: 'forget-cluster'; readonly clusterId: string }
  | { readonly kind: 'remove-node'; readonly clusterId: string; readonly node: string }
  | { readonly kind: 'delete-node'; readonly clusterId: string; readonly node: string }
  | { readonly kind: 'reject-node'; readonly clusterId: string; readonly node: string }
  | { readonly kind: 'set-token'; readonly clusterId: string; readonly changes: boolean }
  | { readonly kind: 'failure'; readonly title: string; readonly failure: Failure }
  | { readonly kind: 'keys' }
  | { readonly kind: 'close'; readonly clusters: readonly { readonly name: string; readonly nodes: number }[] }

/** An act that could not be done, told above the content until it is dismissed or the next one is. */
interface ActFailure {
  readonly title: string
  readonly failure: Failure
}

interface UiState {
  /** Undefined until the clusters are known. */
  readonly place: Place | undefined
  readonly history: readonly Place[]
  readonly folded: boolean
  readonly density: Density
  readonly dialog: DialogState | undefined
  readonly actFailure: ActFailure | undefined
  readonly selectedNode: string | undefined
  readonly inspectorOpen: boolean
  /** Asks the screen at hand to put the cursor into its filter or search field. */
  readonly searchAsked: number
  /** Notices of main that were read, by cluster. */
  readonly readNotices: readonly string[]
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isDensity = (value: unknown): value is Density => value === 'normal' || value === 'compact'
const isOptionalText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'

/** The cluster that was on screen when the app was last used; it may be gone. */
export const lastClusterId = (): string | undefined => remembered<string | undefined>('cluster', isOptionalText, undefined)

/** The window's own state: nothing here is known to main. */
export const useUi = create<UiState>(() => ({
  place: undefined,
  history: [],
  folded: remembered('folded', isBoolean, false),
  density: remembered('density', isDensity, 'normal'),
  dialog: undefined,
  actFailure: undefined,
  selectedNode: undefined,
  inspectorOpen: false,
  searchAsked: 0,
  readNotices: [],
}))

const MAX_HISTORY = 50

/** Shows a place and keeps the former one for `back`. Does nothing when the window is there already. */
export function go(place: Place): void {
  const { place: from, history } = useUi.getState()
  if (from !== undefined && samePlace(from, place)) return
  const clusterId = clusterOf(place)
  if (clusterId !== undefined) remember('cluster', clusterId)
  const elsewhere = clusterId !== clusterOf(from)
  useUi.setState({
    place,
    history: from === undefined ? history : [...history, from].slice(-MAX_HISTORY),
    actFailure: undefined,
    ...(elsewhere ? { selectedNode: undefined, inspectorOpen: false } : {}),
  })
}

/** To the place before; does nothing at the first one. */
export function back(): void {
  const { history } = useUi.getState()
  const place = history.at(-1)
  if (place === undefined) return
  useUi.setState({ place, history: history.slice(0, -1), actFailure: undefined, selectedNode: undefined, inspectorOpen: false })
}

/** Forgets places of clusters that are gone, so that *back* never leads to one. */
export function keepPlacesOf(clusterIds: ReadonlySet<string>): void {
  const { history } = useUi.getState()
  const kept = history.filter((place) => place.screen === 'start' || clusterIds.has(place.clusterId))
  if (kept.length !== history.length) useUi.setState({ history: kept })
}

/** In place of one that is open. */
export function openDialog(dialog: DialogState): void {
  useUi.setState({ dialog })
}

/** Whatever was typed into it is lost. */
export function closeDialog(): void {
  useUi.setState({ dialog: undefined })
}

/** `title` says what could not be done; takes the place of an earlier failure. */
export function showActFailure(title: string, failure: Failure): void {
  useUi.setState({ actFailure: { title, failure } })
}

/** The user has read it. */
export function dismissActFailure(): void {
  useUi.setState({ actFailure: undefined })
}

/** By node id. Without a node the inspector closes. */
export function selectNode(id: string | undefined): void {
  useUi.setState({ selectedNode: id, ...(id === undefined ? { inspectorOpen: false } : {}) })
}

/** It shows the selected node. */
export function setInspectorOpen(inspectorOpen: boolean): void {
  useUi.setState({ inspectorOpen })
}

/** The narrow side bar, remembered. */
export function setFolded(folded: boolean): void {
  remember('folded', folded)
  useUi.setState({ folded })
}

/** Remembered; takes effect through an attribute of the page. */
export function setDensity(density: Density): void {
  remember('density', density)
  document.documentElement.dataset['density'] = density
  useUi.setState({ density })
}

/** Each call asks once more. */
export function askSearch(): void {
  useUi.setState((state) => ({ searchAsked: state.searchAsked + 1 }))
}

/** It is not shown again while the window lives. */
export function readNotice(notice: string): void {
  useUi.setState((state) => ({ readNotices: [...state.readNotices, notice] }))
}
