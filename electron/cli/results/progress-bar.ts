import { humanBytes } from '../output/human'
import type { Output } from '../io'

const WIDTH = 30

/** A line that tells how far a download is, `columns` wide at most: a bar where the whole is known. A name that is too long gives way. */
export function progressLine(name: string, done: number, total: number | undefined, columns = Infinity): string {
  const meter = meterOf(done, total)
  const room = columns - meter.length - 2
  const shown = name.length <= room ? name : `${name.slice(0, Math.max(0, room - 1))}…`
  return `${shown}  ${meter}`.slice(0, columns)
}

function meterOf(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return humanBytes(done)
  const share = Math.min(1, done / total)
  const full = Math.round(share * WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${String(Math.floor(share * 100)).padStart(3)} %  ${humanBytes(done)} of ${humanBytes(total)}`
}

interface ProgressBar {
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
      output.write(`\r\u001b[K${progressLine(name, done, total, (output.columns ?? 80) - 1)}`)
    },
    clear: () => {
      if (output.isTerminal && drawnAt !== -Infinity) output.write('\r\u001b[K')
    },
  }
}
