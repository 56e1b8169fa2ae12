/** Things that are due at some time, the earliest first. */
export class DueQueue<Item> {
  readonly #heap: { readonly dueAt: number; readonly item: Item }[] = []

  get nextAt(): number | undefined {
    return this.#heap[0]?.dueAt
  }

  add(dueAt: number, item: Item): void {
    const heap = this.#heap
    heap.push({ dueAt, item })
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1
      if (!this.#swapIfEarlier(at, parent)) return
      at = parent
    }
  }

  /** Takes the earliest one that is due by `now`. */
  take(now: number): Item | undefined {
    const heap = this.#heap
    const first = heap[0]
    if (first === undefined || first.dueAt > now) return undefined
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) {
      heap[0] = last
      this.#sink()
    }
    return first.item
  }

  #sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1
      const right = left + 1
      const leftDue = this.#heap[left]?.dueAt ?? Infinity
      const child = (this.#heap[right]?.dueAt ?? Infinity) < leftDue ? right : left
      if (child >= this.#heap.length || !this.#swapIfEarlier(child, at)) return
      at = child
    }
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    const [a, b] = [this.#heap[child], this.#heap[parent]]
    if (a === undefined || b === undefined || a.dueAt >= b.dueAt) return false
    this.#heap[child] = b
    this.#heap[parent] = a
    return true
  }
}
