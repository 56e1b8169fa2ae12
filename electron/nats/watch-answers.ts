import type { Clock } from '../process/clock'

interface WatchAnswersOptions {
  /** One question: resolves when the server has answered, rejects when it cannot be asked now (there is no connection). */
  readonly ask: () => Promise<unknown>
  readonly clock: Clock
  /** How long an answer may take before the server is said to hang. */
  readonly patienceMs: number
  /** Between two questions, and between two looks at the clock. */
  readonly everyMs: number
  /** Called with what it has been silent for; again only when a later question stays without an answer, too. */
  readonly onSilent: (silentMs: number) => void
  /** Ends the watch. */
  readonly signal: AbortSignal
}

/** A wait that took so many times as long as it should: this process slept, or had no time, and what it did not hear says nothing. */
const LATE = 2

/**
 * Watches a server that runs, for one that is alive and does nothing (stopped by SIGSTOP, stuck in the kernel): its death would be told by
 * itself. Resolves when the signal is aborted; never rejects.
 */
export async function watchAnswers({ ask, clock, patienceMs, everyMs, onSilent, signal }: WatchAnswersOptions): Promise<void> {
  let question = askOnce(ask, clock)
  let lookedAt = clock.monotonicMs()
  for (;;) {
    await clock.sleep(everyMs, signal)
    if (signal.aborted) return
    const now = clock.monotonicMs()
    const isLate = now - lookedAt > LATE * everyMs
    lookedAt = now
    if (question.isOver()) question = askOnce(ask, clock)
    else if (isLate) question.since = now
    else if (now - question.since >= patienceMs) {
      onSilent(now - question.since)
      question = askOnce(ask, clock)
    }
  }
}

interface Question {
  since: number
  isOver(): boolean
}

function askOnce(ask: () => Promise<unknown>, clock: Clock): Question {
  let isOver = false
  const end = (): void => {
    isOver = true
  }
  ask().then(end, end)
  return { since: clock.monotonicMs(), isOver: () => isOver }
}
