import type { Random } from './seeded-random'
import type { SimulatedProcess, VirtualTime } from './virtual-time'

export interface PipeOptions<Item> {
  readonly time: VirtualTime
  readonly random: Random
  readonly receiver: SimulatedProcess
  /** Milliseconds that one item takes. */
  readonly latencyMs: () => number
  readonly deliver: (item: Item) => void
  /** Called after the last item, once, when the pipe has been broken. */
  readonly onEnd: () => void
}

/** One direction of a connection: keeps the order, loses nothing until it breaks. */
export class Pipe<Item> {
  readonly #options: PipeOptions<Item>
  #queue: { readonly at: number; readonly item: Item | undefined }[] = []
  #lastAt = 0
  #isOpen = true
  #isStalled = false
  #isArmed = false

  constructor(options: PipeOptions<Item>) {
    this.#options = options
  }

  /** What is sent into a broken pipe is lost. */
  send(item: Item): void {
    if (this.#isOpen) this.#push(item, this.#options.latencyMs())
  }

  /** Nothing arrives until `resume`; what is sent waits. The receiver of a broken one learns of the end all the same, by its own clock. */
  stall(): void {
    if (this.#isOpen) this.#isStalled = true
  }

  resume(): void {
    this.#isStalled = false
    this.#arm()
  }

  /** Breaks it: of what is under way the first part still arrives, then, after so many milliseconds, its receiver learns of the end. */
  break(endMs: number): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#queue.length = this.#isStalled ? 0 : this.#options.random.whole(0, this.#queue.length)
    this.#isStalled = false
    this.#push(undefined, endMs)
  }

  #push(item: Item | undefined, ms: number): void {
    const { time } = this.#options
    this.#lastAt = Math.max(this.#lastAt, time.now + ms)
    this.#queue.push({ at: this.#lastAt, item })
    this.#arm()
  }

  #arm(): void {
    const [first] = this.#queue
    if (first === undefined || this.#isArmed || this.#isStalled) return
    this.#isArmed = true
    const { time, receiver } = this.#options
    time.after(receiver, first.at - time.now, () => this.#arrive())
  }

  /** All that is there comes in one turn of the receiver, as bytes of a socket do. */
  #arrive(): void {
    this.#isArmed = false
    if (this.#isStalled) return
    const { time, deliver, onEnd } = this.#options
    const count = this.#queue.findIndex(({ at }) => at > time.now)
    for (const { item } of this.#queue.splice(0, count === -1 ? this.#queue.length : count)) {
      if (item === undefined) onEnd()
      else deliver(item)
    }
    this.#arm()
  }
}
