/** The few colours that the system paints before and beside our page; the same values as in `renderer/theme/tokens.css`. */
interface NativeColours {
  /** `--bg` */
  readonly background: string
  /** `--fg-2`: the signs of the window buttons. */
  readonly symbols: string
}

/** For the theme that is in effect. */
export function nativeColours(dark: boolean): NativeColours {
  return dark ? { background: '#15191e', symbols: '#aeb3ba' } : { background: '#fcfdfd', symbols: '#484f58' }
}

/** Under the title bar's hairline. */
export const TITLE_BAR_HEIGHT = 39
