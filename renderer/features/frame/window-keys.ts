import { isTyping } from '../../components/is-typing'
import { useClusters } from '../../state/clusters-store'
import { toggleDock } from '../../state/window/dock-store'
import { clusterOf } from '../../state/window/place'
import { askSearch, back, go, openDialog, setFolded, useUi } from '../../state/window/ui-store'

/** How long `g` waits for the letter that says where to. */
const CHORD_MS = 1500
let goAsked = -Infinity

const screens: Readonly<Record<string, 'nodes' | 'access' | 'config'>> = { n: 'nodes', a: 'access', c: 'config' }

/** Nothing behind an open dialog or menu may act. */
function isCovered(): boolean {
  return useUi.getState().dialog !== undefined || document.querySelector('[role="menu"]') !== null
}

/** The letter after `g`; taken before whatever has the focus sees it, where the same letter may be an act. */
export function completeChord(event: KeyboardEvent): void {
  const asked = event.timeStamp - goAsked < CHORD_MS
  goAsked = -Infinity
  const screen = screens[event.key]
  const clusterId = clusterOf(useUi.getState().place)
  if (!asked || screen === undefined || clusterId === undefined || isTyping(event) || isCovered()) return
  event.preventDefault()
  event.stopPropagation()
  go({ screen, clusterId })
}

/** Keys that hold in the whole window. */
export function handleWindowKey(event: KeyboardEvent, dockAvailable: boolean): void {
  if (event.defaultPrevented || isCovered()) return
  const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
  if (command ? withCommand(event.key, dockAvailable) : event.altKey ? withAlt(event.key) : plain(event)) event.preventDefault()
}

function withCommand(key: string, dockAvailable: boolean): boolean {
  if (key === 'b') setFolded(!useUi.getState().folded)
  else if (key === 'j' && dockAvailable) toggleDock()
  else if (/^[1-9]$/.test(key)) return goToCluster(Number(key) - 1)
  else return false
  return true
}

function goToCluster(index: number): boolean {
  const cluster = useClusters.getState().clusters?.[index]
  if (cluster === undefined) return false
  go({ screen: 'nodes', clusterId: cluster.id })
  return true
}

function withAlt(key: string): boolean {
  if (key !== 'ArrowLeft') return false
  back()
  return true
}

function plain(event: KeyboardEvent): boolean {
  if (event.key === 'F6') return nextRegion(event.shiftKey ? -1 : 1)
  if (event.ctrlKey || event.metaKey || isTyping(event)) return false
  if (event.key === 'g') {
    goAsked = event.timeStamp
    return true
  }
  if (event.key === '/') askSearch()
  else if (event.key === '?') openDialog({ kind: 'keys' })
  else return false
  return true
}

/** Side bar, content, inspector, dock: whatever of them is there, in the order they stand. */
function nextRegion(step: 1 | -1): boolean {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')]
  if (regions.length === 0) return false
  const at = regions.findLastIndex((region) => region.contains(document.activeElement))
  const next = regions[(at + step + regions.length) % regions.length]
  const inside = next?.querySelector<HTMLElement>('[data-region-start]')
  ;(inside ?? next)?.focus()
  return true
}
