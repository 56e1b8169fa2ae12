import type { Evaluation } from '../../../shared/models/evaluation'
import { DueQueue } from './due-queue'

/** Wakes up for stored evaluations when they are due, one timer for all of them. */
export class EvaluationClock {
  readonly #due = new DueQueue<string>()
  readonly #options: {
    readonly now: () => number
    readonly stored: () => ReadonlyMap<string, Evaluation>
    readonly onDue: (evaluation: Evaluation) => void
  }
  #timer: NodeJS.Timeout | undefined
  #running = false

  constructor(options: {
    readonly now: () => number
    readonly stored: () => ReadonlyMap<string, Evaluation>
    readonly onDue: (evaluation: Evaluation) => void
  }) {
    this.#options = options
  }

  /** Begins, or begins again after the stored evaluations have been read anew. */
  start(): void {
    this.#running = true
    for (const { id, dueAt } of this.#options.stored().values()) this.#due.add(dueAt, id)
    this.#arm()
  }

  added({ id, dueAt }: Evaluation): void {
    this.#due.add(dueAt, id)
    if (this.#running) this.#arm()
  }

  stop(): void {
    this.#running = false
    clearTimeout(this.#timer)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const next = this.#due.nextAt
    if (next === undefined) return
    this.#timer = setTimeout(() => this.#fire(), Math.min(longestTimer, Math.max(0, next - this.#options.now())))
    this.#timer.unref()
  }

  /** One that was dropped or put off meanwhile is passed over. */
  #fire(): void {
    const { now, stored, onDue } = this.#options
    const at = now()
    for (let id = this.#due.take(at); id !== undefined; id = this.#due.take(at)) {
      const evaluation = stored().get(id)
      if (evaluation !== undefined && evaluation.dueAt <= at) onDue(evaluation)
    }
    if (this.#running) this.#arm()
  }
}

/** Timers take 31 bits of milliseconds. */
const longestTimer = 2 ** 31 - 1
