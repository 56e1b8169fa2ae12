import type { BrowserWindow } from 'electron'
import { openWindow, type WindowOptions } from './window'

/** Holds the one window: opens it, shows it again when the app is started a second time, opens a new one after the last was closed. */
interface WindowKeeper {
  readonly open: (options: WindowOptions) => void
  readonly show: () => void
  readonly destroy: () => void
}

/** No window yet, and none is opened before it has its options. */
export function createWindowKeeper(): WindowKeeper {
  let options: WindowOptions | undefined
  let window: BrowserWindow | undefined
  const openNew = (): void => {
    if (options === undefined) return
    const opened = openWindow(options)
    opened.once('closed', () => {
      if (window === opened) window = undefined
    })
    window = opened
  }
  return {
    open: (given) => {
      options = given
      openNew()
    },
    show: () => {
      if (window === undefined) {
        openNew()
        return
      }
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    destroy: () => {
      window?.destroy()
    },
  }
}
