import { useEffect, useState } from 'react'

/** What comes sooner is not awaited on screen. */
const PATIENCE_MS = 200

/**
 * Whether a dialog may be shown: once what it tells is `ready`, so that it opens in its size and does not jump; or after 200 ms, with what
 * is still awaited said in it. Holds from then on.
 */
export function useOpening(ready: boolean): boolean {
  const [opened, setOpened] = useState(ready)
  useEffect(() => {
    const timer = setTimeout(() => setOpened(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  if (ready && !opened) setOpened(true)
  return opened || ready
}
