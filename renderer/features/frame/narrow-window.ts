import { useSyncExternalStore } from 'react'

/** Under this width the side bar is always folded. Pixels. */
const query = matchMedia('(max-width: 999px)')

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether the side bar has to be narrow; follows the window’s width. */
export function useNarrowWindow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches)
}
