/** A process of the simulation: what happens in it happens no more once it is dead, and later while it is frozen. */
export interface SimulatedProcess {
  readonly name: string
  alive: boolean
  /** Virtual milliseconds. */
  frozenUntil: number
}

export function newProcess(name: string): SimulatedProcess {
  return { name, alive: true, frozenUntil: 0 }
}

interface Event {
  at: number
  readonly order: number
  readonly owner: SimulatedProcess
  readonly run: () => void
  cancelled: boolean
}

/** What `setTimeout` and its like give. */
class Timer {
  event: Event | undefined
  unref(): this {
    return this
  }
  ref(): this {
    return this
  }
  hasRef(): boolean {
    return true
  }
}

/** So many turns of the event loop fit into a millisecond. */
const turnsInMs = 50

const startsAt = Date.UTC(2026, 0, 1)

/**
 * Time that passes as events come. Every event belongs to a process, and so does all that follows from it: timers and promises run before
 * the next event begins. While `run` is under way the global timers and clocks are those of the simulation.
 */
export class VirtualTime {
  now = 0
  /** Events that have happened. */
  events = 0
  readonly #world = newProcess('world')
  readonly #heap: Event[] = []
  readonly #onError: (owner: SimulatedProcess, error: unknown) => void
  #current: SimulatedProcess = this.#world
  #order = 0
  #turns = 0
  #turnsAt = 0

  constructor(onError: (owner: SimulatedProcess, error: unknown) => void) {
    this.#onError = onError
  }

  /** Unix milliseconds. */
  get unix(): number {
    return startsAt + this.now
  }

  get world(): SimulatedProcess {
    return this.#world
  }

  /** Has something happen in a process after so many milliseconds. */
  after(owner: SimulatedProcess, ms: number, run: () => void): Event {
    const event: Event = { at: this.now + Math.max(0, ms), order: (this.#order += 1), owner, run, cancelled: false }
    this.#push(event)
    return event
  }

  /** Resolves in a process after so many milliseconds. */
  pause(owner: SimulatedProcess, ms: number): Promise<void> {
    return new Promise((resolve) => this.after(owner, ms, resolve))
  }

  /** Lets time pass until then. */
  async run(until: number): Promise<void> {
    const restore = this.#takeGlobals()
    try {
      await inTurns(() => {
        // What the event before has left to promises is done by now.
        this.#current = this.#world
        return this.#next(until)
      })
      this.now = Math.max(this.now, until)
    } finally {
      restore()
    }
  }

  /** The next event happens; false when there is none until then. */
  #next(until: number): boolean {
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined || next.at > until) return false
      this.#pop()
      if (next.cancelled || !next.owner.alive) continue
      if (next.owner.frozenUntil > next.at) {
        next.at = next.owner.frozenUntil
        this.#push(next)
        continue
      }
      this.now = Math.max(this.now, next.at)
      this.events += 1
      this.#current = next.owner
      try {
        next.run()
      } catch (error) {
        this.#onError(next.owner, error)
      }
      return true
    }
  }

  /** Turns of the event loop take next to no time, but who waits turn after turn sees it pass. */
  #turnMs(): number {
    if (this.#turnsAt !== this.now) this.#turns = 0
    this.#turnsAt = this.now
    this.#turns += 1
    return this.#turns > turnsInMs ? 1 : 0
  }

  #takeGlobals(): () => void {
    const before = {
      setTimeout: globalThis.setTimeout,
      setInterval: globalThis.setInterval,
      setImmediate: globalThis.setImmediate,
      clearTimeout: globalThis.clearTimeout,
      clearInterval: globalThis.clearInterval,
      clearImmediate: globalThis.clearImmediate,
    }
    const { now: dateNow } = Date
    const performanceNow = performance.now.bind(performance)
    const start = (ms: number | undefined, repeats: boolean, run: () => void): Timer => {
      const timer = new Timer()
      const owner = this.#current
      const wait = ms === undefined || !(ms >= 1) ? 1 : Math.trunc(ms)
      const fire = (): void => {
        if (repeats) timer.event = this.after(owner, wait, fire)
        run()
      }
      timer.event = this.after(owner, wait, fire)
      return timer
    }
    const clear = (timer: unknown): void => {
      if (timer instanceof Timer && timer.event !== undefined) timer.event.cancelled = true
    }
    const immediately = (run: (...args: readonly unknown[]) => void, ...args: readonly unknown[]): Timer => {
      const timer = new Timer()
      timer.event = this.after(this.#current, this.#turnMs(), () => run(...args))
      return timer
    }
    Object.assign(globalThis, {
      setTimeout: (run: (...args: readonly unknown[]) => void, ms?: number, ...args: readonly unknown[]) => start(ms, false, () => run(...args)),
      setInterval: (run: (...args: readonly unknown[]) => void, ms?: number, ...args: readonly unknown[]) => start(ms, true, () => run(...args)),
      setImmediate: immediately,
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    })
    Date.now = () => this.unix
    performance.now = () => this.now
    return () => {
      Object.assign(globalThis, before)
      Date.now = dateNow
      performance.now = performanceNow
    }
  }

  #push(event: Event): void {
    const heap = this.#heap
    heap.push(event)
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1
      if (!this.#swapIfEarlier(at, parent)) return
      at = parent
    }
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    heap[0] = last
    for (let at = 0; ;) {
      const left = 2 * at + 1
      const right = left + 1
      const child = right < heap.length && this.#isEarlier(right, left) ? right : left
      if (child >= heap.length || !this.#swapIfEarlier(child, at)) return
      at = child
    }
  }

  #isEarlier(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]]
    return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order))
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    if (!this.#isEarlier(child, parent)) return false
    const [a, b] = [this.#heap[child], this.#heap[parent]]
    if (a === undefined || b === undefined) return false
    this.#heap[child] = b
    this.#heap[parent] = a
    return true
  }
}

/** More callbacks per turn of the real event loop make it no quicker. */
const callbacksAtOnce = 64

/**
 * Calls again and again until it is told no. Between two calls nothing is left that promises could do by themselves: Node lets them all run
 * after every single callback of `setImmediate`, also where many of them wait in one turn of its event loop.
 */
function inTurns(next: () => boolean): Promise<void> {
  const { setImmediate: real } = realTimers
  return new Promise((resolve) => {
    let isOver = false
    const turn = (): void => {
      if (isOver) return
      if (next()) return void real(turn)
      isOver = true
      resolve()
    }
    for (let each = 0; each < callbacksAtOnce; each += 1) real(turn)
  })
}

const realTimers = { setImmediate: globalThis.setImmediate }
