import { create } from 'zustand'
import { samePlace, type Place } from './place'
import { useUi } from './ui-store'

/** Something that came to its end while the user was elsewhere. */
export interface Toast {
  readonly id: number
  readonly title: string
}

interface ToastsState {
  readonly toasts: readonly Toast[]
}

/** More than two at once nobody reads. */
const MAX_TOASTS = 2

/** Oldest first; the newest two at most. */
export const useToasts = create<ToastsState>(() => ({ toasts: [] }))

let lastId = 0

/** Whether the window shows another place than that where something was begun. */
export function hasLeft(from: Place | undefined): boolean {
  const { place } = useUi.getState()
  return from !== undefined && place !== undefined && !samePlace(from, place)
}

/** Tells the end of something that the user began at a place, when it can no longer be seen there. */
export function tellIfLeft(from: Place | undefined, title: string): void {
  if (!hasLeft(from)) return
  lastId += 1
  const toast = { id: lastId, title }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, toast].slice(-MAX_TOASTS) }))
}

/** Does nothing when it is gone already. */
export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((other) => other.id !== id) }))
}
