/** The system's clipboard, as far as it is needed; newer Electrons answer later, older ones at once. */
interface ClipboardPort {
  readText(): Promise<string> | string
  writeText(text: string): Promise<void> | void
  clear(): void
}

/** A secret does not stay on the clipboard. Milliseconds. */
export const CLEARED_AFTER_MS = 30_000

/** Copies secrets, and clears each after a while, unless something else was copied meanwhile. */
export interface ClipboardGuard {
  copySecret(text: string): Promise<void>
  /** At the end of the app: what was not cleared yet is cleared now. */
  clearNow(): Promise<void>
}

/** `afterMs`: how long a copied secret may stay on the clipboard. */
export function createClipboardGuard(clipboard: ClipboardPort, afterMs = CLEARED_AFTER_MS): ClipboardGuard {
  let waiting: { readonly text: string; readonly timer: NodeJS.Timeout } | undefined
  const clear = async (): Promise<void> => {
    if (waiting === undefined) return
    const { text, timer } = waiting
    clearTimeout(timer)
    waiting = undefined
    if ((await clipboard.readText()) === text) clipboard.clear()
  }
  return {
    copySecret: async (text) => {
      if (waiting !== undefined) clearTimeout(waiting.timer)
      waiting = undefined
      await clipboard.writeText(text)
      waiting = { text, timer: setTimeout(() => void clear(), afterMs) }
    },
    clearNow: clear,
  }
}
