/** In Electron’s device-independent pixels, from the top left of the main screen. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
/** Where a window was left. `bounds` are those it takes when it is no longer maximized. */
export interface WindowPlace {
  readonly bounds: Rectangle
  readonly maximized: boolean
}

/** Below this the screens do not fit; device-independent pixels. */
export const SMALLEST = { width: 900, height: 600 } as const
const NORMAL = { width: 1280, height: 800 } as const

interface FirstBounds {
  readonly width: number
  readonly height: number
  readonly x?: number
  readonly y?: number
}

/** Where the window opens: where it was, if a good part of its title bar would still be on a screen; else of normal size, placed by the system. */
export function chooseBounds(remembered: WindowPlace | undefined, screens: readonly Rectangle[]): FirstBounds {
  if (remembered === undefined) return fitted(NORMAL, screens[0])
  const { bounds } = remembered
  const screen = screens.find((area) => showsTitleBar(bounds, area))
  const size = fitted(bounds, screen ?? screens[0])
  return screen === undefined ? size : { ...size, x: bounds.x, y: bounds.y }
}

function fitted(size: { readonly width: number; readonly height: number }, screen: Rectangle | undefined): { width: number; height: number } {
  const width = Math.max(SMALLEST.width, Math.min(size.width, screen?.width ?? size.width))
  const height = Math.max(SMALLEST.height, Math.min(size.height, screen?.height ?? size.height))
  return { width, height }
}

function showsTitleBar(bounds: Rectangle, area: Rectangle): boolean {
  const overlap = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  return overlap >= 200 && bounds.y >= area.y && bounds.y + 40 <= area.y + area.height
}
