import { humanBytes } from '../output/human'
import type { Output } from '../io'

const WIDTH = 30

/** A line that tells how far a download is: a bar where the whole is known. */
export function progressLine(name: string, done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `${name}  ${humanBytes(done)}`
  const share = Math.min(1, done / total)
  const full = Math.round(share * WIDTH)
  return `${name}  [${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${String(Math.floor(share * 100)).padStart(3)} %  ${humanBytes(done)} of ${humanBytes(total)}`
}

export interface ProgressBar {
  show(name: string, done: number, total: number | undefined): void
  /** Takes the line away. */
  clear(): void
}

/** Draws on a terminal, ten times a second at most; elsewhere nothing. */
export function createProgressBar(output: Output, now: () => number): ProgressBar {
  let drawnAt = -Infinity
  return {
    show: (name, done, total) => {
      if (!output.isTerminal || (now() - drawnAt < 100 && done !== total)) return
      drawnAt = now()
      output.write(`\r\u001b[K${progressLine(name, done, total).slice(0, (output.columns ?? 80) - 1)}`)
    },
    clear: () => {
      if (output.isTerminal && drawnAt !== -Infinity) output.write('\r\u001b[K')
    },
  }
}
