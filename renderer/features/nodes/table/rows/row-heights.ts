import type { Density } from '../../../../state/window/ui-store'

/** Pixels; the same as `--h-row` and `--h-head` of the tokens, where the virtual list needs them as numbers. */
export function rowHeights(density: Density): { readonly row: number; readonly head: number } {
  return density === 'compact' ? { row: 26, head: 26 } : { row: 32, head: 30 }
}
