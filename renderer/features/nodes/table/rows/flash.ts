const FLASH_MS = 600
/** More at once would be a flicker, not a hint. */
const PER_SECOND = 20

const reduced = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : undefined
let windowStart = 0
let flashed = 0

/** Lights a cell up once, as a hint that it changed; quiet where motion is not wanted or too much changes. */
export function flash(cell: HTMLElement): void {
  const now = performance.now()
  if (now - windowStart > 1000) {
    windowStart = now
    flashed = 0
  }
  if (reduced?.matches === true || flashed >= PER_SECOND) return
  flashed += 1
  const ground = getComputedStyle(cell).getPropertyValue('--accent-soft')
  cell.animate([{ backgroundColor: ground }, { backgroundColor: 'transparent' }], { duration: FLASH_MS, easing: 'ease-out' })
}
