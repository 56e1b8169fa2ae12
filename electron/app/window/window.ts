import { BrowserWindow, nativeTheme, screen } from 'electron'
import { APP_PAGE } from '../page/app-origin'
import { nativeColours, TITLE_BAR_HEIGHT } from './palette'
import type { PreferencesFile } from '../preferences'
import { chooseBounds, SMALLEST, type WindowPlace } from './window-bounds'

/** `preload`: absolute path of the built bridge. */
export interface WindowOptions {
  readonly preload: string
  readonly preferences: PreferencesFile
  /** Asked when the window is about to close; `false` keeps it open. */
  readonly mayClose: () => boolean
}

/**
 * The one window. It shows at once in the ground colour of the theme, so that the first paint of the page changes nothing but its
 * content. The window buttons are the system's own, laid over our title bar.
 */
export function openWindow({ preload, preferences, mayClose }: WindowOptions): BrowserWindow {
  const { window: remembered, systemFrame } = preferences.current
  const window = new BrowserWindow({
    ...chooseBounds(
      remembered,
      screen.getAllDisplays().map((display) => display.workArea),
    ),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Shoal',
    backgroundColor: nativeColours(nativeTheme.shouldUseDarkColors).background,
    autoHideMenuBar: true,
    ...frameOptions(systemFrame),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  })
  if (remembered?.maximized === true) window.maximize()
  keepThemed(window, systemFrame)
  keepPlace(window, (place) => {
    preferences.update({ window: place })
  })
  window.on('close', (event) => {
    if (!mayClose()) event.preventDefault()
  })
  void window.loadURL(APP_PAGE)
  return window
}

function frameOptions(systemFrame: boolean): Electron.BrowserWindowConstructorOptions {
  if (process.platform === 'darwin') return { titleBarStyle: 'hiddenInset', trafficLightPosition: { x: 14, y: 13 } }
  if (systemFrame) return {}
  return { titleBarStyle: 'hidden', titleBarOverlay: overlay() }
}

function overlay(): Electron.TitleBarOverlay {
  const { background, symbols } = nativeColours(nativeTheme.shouldUseDarkColors)
  return { color: background, symbolColor: symbols, height: TITLE_BAR_HEIGHT }
}

function keepThemed(window: BrowserWindow, systemFrame: boolean): void {
  const repaint = (): void => {
    window.setBackgroundColor(nativeColours(nativeTheme.shouldUseDarkColors).background)
    if (process.platform !== 'darwin' && !systemFrame) window.setTitleBarOverlay(overlay())
  }
  nativeTheme.on('updated', repaint)
  window.once('closed', () => {
    nativeTheme.off('updated', repaint)
  })
}

/** The last place and size of the unmaximized window, written when it has come to rest. */
function keepPlace(window: BrowserWindow, remember: (place: WindowPlace) => void): void {
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    timer = undefined
    if (!window.isDestroyed()) remember({ bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  }
  const changed = (): void => {
    clearTimeout(timer)
    timer = setTimeout(write, 400)
  }
  window.on('resize', changed)
  window.on('move', changed)
  window.on('maximize', changed)
  window.on('unmaximize', changed)
  window.on('close', write)
  window.once('closed', () => {
    clearTimeout(timer)
  })
}
