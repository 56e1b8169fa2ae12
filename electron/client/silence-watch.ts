import { AppError } from '../../shared/errors'

interface SilenceWatchOptions {
  /** Asks the server whether it lives; rejects when it does not. */
  readonly ask: () => Promise<unknown>
  /** The server lives, although its stream has said nothing for a while. */
  readonly onAlive: () => void
  /** It does not, or its stream has died by itself. Called once. */
  readonly onDead: (reason: Error) => void
  /** Milliseconds of silence after which it is asked, and then again and again. */
  readonly askAfterMs: number
  /** Milliseconds of silence that no living stream keeps. */
  readonly longestMs: number
}

interface SilenceWatch {
  /** Something came. */
  heard(): void
  end(): void
}

/** Keeps old news from passing for current ones: a stream that is silent may have nothing to tell, or be dead. */
export function watchSilence({ ask, onAlive, onDead, askAfterMs, longestMs }: SilenceWatchOptions): SilenceWatch {
  let heardAt = performance.now()
  let over = false
  let timer: NodeJS.Timeout | undefined
  const die = (reason: Error): void => {
    if (over) return
    over = true
    onDead(reason)
  }
  const look = async (): Promise<void> => {
    const asked = performance.now()
    if (asked - heardAt > longestMs) {
      die(new AppError('feed.silent', `The server lives, but its stream of events has said nothing for ${Math.round((asked - heardAt) / 1000)} s.`))
      return
    }
    try {
      await ask()
    } catch (error) {
      // Something that came meanwhile proves more than an answer that did not.
      if (heardAt < asked) die(error instanceof Error ? error : new Error(String(error)))
    }
    if (over) return
    if (heardAt < asked) onAlive()
    later()
  }
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), askAfterMs)
  }
  later()
  return {
    heard: () => {
      heardAt = performance.now()
      if (!over) later()
    },
    end: () => {
      over = true
      clearTimeout(timer)
    },
  }
}
