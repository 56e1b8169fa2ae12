import { createHash } from 'node:crypto'

/** What happened in a run, line by line; the last lines are kept, and on demand a fingerprint of all. */
export class Trace {
  readonly #now: () => number
  readonly #kept: number
  readonly #hash = createHash('sha256')
  readonly #whole: boolean
  #lines: { readonly at: number; readonly text: () => string }[] = []

  /** @param whole every line goes into the fingerprint, which takes time */
  constructor({ now, whole, kept = 400 }: { readonly now: () => number; readonly whole: boolean; readonly kept?: number }) {
    this.#now = now
    this.#whole = whole
    this.#kept = kept
  }

  add(text: () => string): void {
    const at = this.#now()
    if (this.#whole) {
      const made = text()
      this.#hash.update(`${String(at)} ${made}\n`)
      this.#lines.push({ at, text: () => made })
    } else this.#lines.push({ at, text })
    if (this.#lines.length > 2 * this.#kept) this.#lines = this.#lines.slice(-this.#kept)
  }

  tail(): string[] {
    return this.#lines.slice(-this.#kept).map(({ at, text }) => `${(at / 1000).toFixed(3).padStart(9)} s  ${text()}`)
  }

  fingerprint(): string {
    return this.#hash.copy().digest('hex')
  }
}
