import { create } from 'zustand'

export interface Toast {
  readonly id: number
  readonly kind: 'done' | 'bad'
  readonly title: string
  readonly detail?: string
}

interface ToastsState {
  readonly toasts: readonly Toast[]
}

/** More than two at once nobody reads. */
const MAX_TOASTS = 2

export const useToasts = create<ToastsState>(() => ({ toasts: [] }))

let lastId = 0

/** Tells the end of something that the user started and can no longer see. */
export function toast(kind: Toast['kind'], title: string, detail?: string): void {
  lastId += 1
  const added: Toast = { id: lastId, kind, title, ...(detail === undefined ? {} : { detail }) }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, added].slice(-MAX_TOASTS) }))
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((other) => other.id !== id) }))
}
