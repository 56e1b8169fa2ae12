import type { CliIo } from '../io'
import { createLiveArea } from './live-area'
import { linesBetween } from './up-lines'
import type { UpState } from './up-screen'
import { upScreen } from './up-screen'

interface UpView {
  show(state: UpState): void
  end(): void
}

/** Milliseconds between two drawings: quick enough to seem at once, slow enough for a slow line. */
const SHORTEST = 100

/** A view that is drawn over on a terminal, and goes on line by line anywhere else. */
export function createUpView({ stdout, env }: CliIo, now: () => number = Date.now): UpView {
  if (!stdout.isTerminal || env['TERM'] === 'dumb') {
    let before: UpState | undefined
    return {
      show: (state) => {
        for (const line of linesBetween(before, state, now())) stdout.write(`${new Date(now()).toISOString().slice(11, 19)} ${line}\n`)
        before = state
      },
      end: () => undefined,
    }
  }
  const area = createLiveArea(stdout)
  let last: UpState | undefined
  let pending: NodeJS.Timeout | undefined
  const draw = (): void => {
    pending = undefined
    if (last !== undefined) area.draw(upScreen(last, now(), { columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 }))
  }
  return {
    show: (state) => {
      last = state
      pending ??= setTimeout(draw, SHORTEST)
    },
    end: () => {
      clearTimeout(pending)
      draw()
      area.end()
    },
  }
}
