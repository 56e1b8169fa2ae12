/** Put in by the build, from package.json. */
declare const __SHOAL_VERSION__: string

/** This program's own version: `0.1.0`. */
export const shoalVersion = __SHOAL_VERSION__
