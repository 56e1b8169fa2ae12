import type { Output } from '../io'

/** Lines at the bottom of a terminal that are drawn over again and again. */
interface LiveArea {
  draw(lines: readonly string[]): void
  /** Leaves what was drawn last, and the cursor below it. */
  end(): void
}

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'

/** Draws only what differs from the time before. */
export function createLiveArea(output: Output): LiveArea {
  let drawn: readonly string[] | undefined
  return {
    draw: (lines) => {
      if (drawn !== undefined && drawn.length === lines.length && drawn.every((line, index) => line === lines[index])) return
      const back = drawn === undefined || drawn.length === 0 ? '' : `\u001b[${drawn.length}A`
      output.write(`${drawn === undefined ? HIDE_CURSOR : ''}${back}\r\u001b[J${lines.map((line) => `${line}\n`).join('')}`)
      drawn = [...lines]
    },
    end: () => {
      if (drawn !== undefined) output.write(SHOW_CURSOR)
      drawn = undefined
    },
  }
}
