import { most, nothing, plus, type Amounts } from './node-capacity'

/** A node's word may be older than the end of what it tells of, as long as messages and the end of a program may take. Milliseconds. */
const lateWordMs = 1000
/** A program that we end is asked first, and taken down after a while: the node frees its room only then. Milliseconds. */
const windDownMs = 5000
/** Peaks within so many milliseconds are kept as one. */
const grainMs = 100

interface Moment {
  at: number
  amounts: Amounts
}

/** What a node may still be using of what was ours a moment ago. Times on a clock that only goes forward, in milliseconds. */
export class RecentUse {
  #peaks: Moment[] = []
  #windingDown: Moment[] = []
  /** What was ended while the node was away: it hears of that, and begins to wind it down, when it is back. */
  #endedAway = nothing

  /** All that was reserved on the node, just before some of it ended. */
  peak(amounts: Amounts, now: number): void {
    const last = this.#peaks.at(-1)
    if (last === undefined || now - last.at > grainMs) return void this.#peaks.push({ at: now, amounts })
    last.amounts = most(last.amounts, amounts)
  }

  /** Something was ended here that the node may not even know of yet; `isAway`: nor will it before it is back. */
  ended(amounts: Amounts, now: number, isAway: boolean): void {
    if (isAway) this.#endedAway = plus(this.#endedAway, amounts)
    else this.#windingDown.push({ at: now, amounts })
  }

  /** The node is back. */
  returned(now: number): void {
    if (this.#endedAway !== nothing) this.#windingDown.push({ at: now, amounts: this.#endedAway })
    this.#endedAway = nothing
  }

  /** The most that a node may rightly use for us at its word of now, where so much is reserved. */
  most(reserved: Amounts, now: number): Amounts {
    this.#peaks = this.#peaks.filter(({ at }) => now - at <= lateWordMs + grainMs)
    this.#windingDown = this.#windingDown.filter(({ at }) => now - at <= windDownMs)
    const peak = this.#peaks.reduce((highest, { amounts }) => most(highest, amounts), reserved)
    const winding = this.#windingDown.reduce((sum, { amounts }) => plus(sum, amounts), nothing)
    return most(peak, plus(reserved, winding))
  }
}
