import { create } from 'zustand'
import { remember, remembered } from './remembered'

interface DockState {
  readonly open: boolean
  /** Pixels. */
  readonly height: number
  /** As high as it may be. */
  readonly full: boolean
}

const DEFAULT_HEIGHT = 290
const MIN_HEIGHT = 140
const isHeight = (value: unknown): value is number => typeof value === 'number' && value >= MIN_HEIGHT

/** The dock under the content, which stays while the screens change. */
export const useDock = create<DockState>(() => ({ open: false, height: remembered('dock-height', isHeight, DEFAULT_HEIGHT), full: false }))

/** Does not change its height. */
export function setDockOpen(open: boolean): void {
  useDock.setState({ open })
}

/** Opens the dock of logs, or closes it. */
export function toggleDock(): void {
  useDock.setState(({ open }) => ({ open: !open }))
}

/** Over the whole screen, or at its own height. */
export function toggleDockFull(): void {
  useDock.setState(({ full }) => ({ full: !full }))
}

/** `height` in CSS pixels, at least `MIN_HEIGHT`; remembered. */
export function resizeDock(height: number): void {
  const kept = Math.max(MIN_HEIGHT, Math.round(height))
  remember('dock-height', kept)
  useDock.setState({ height: kept, full: false })
}
