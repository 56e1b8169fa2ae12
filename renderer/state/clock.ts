import { useSyncExternalStore } from 'react'

/** One clock for every age on screen: a thousand rows with timers of their own would tick out of step, and never rest. */
const TICK_MS = 1000
const QUICK_TICK_MS = 100

interface Clock {
  readonly subscribe: (listener: () => void) => () => void
  readonly now: () => number
}

function createClock(tickMs: number): Clock {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  let current = Date.now()
  const tick = (): void => {
    current = Date.now()
    for (const listener of listeners) listener()
  }
  return {
    subscribe: (listener) => {
      if (listeners.size === 0) {
        current = Date.now()
        timer = setInterval(tick, tickMs)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) clearInterval(timer)
      }
    },
    now: () => {
      // Nobody ticks while nobody looks: whoever comes first sees the time as it is.
      if (listeners.size === 0 && Date.now() - current >= tickMs) current = Date.now()
      return current
    },
  }
}

const clock = createClock(TICK_MS)
const quickClock = createClock(QUICK_TICK_MS)

/** Unix ms, renewed each second, the same for all who ask. */
export function useNow(): number {
  return useSyncExternalStore(clock.subscribe, clock.now)
}

/** Unix ms, renewed ten times a second: only for what lasts a second or two. */
export function useQuickNow(): number {
  return useSyncExternalStore(quickClock.subscribe, quickClock.now)
}
