/** Sends what was told within one turn of the event loop together: every message costs both sides a call of the system. */
export function gathered<T>(send: (items: readonly T[]) => void): (item: T) => void {
  let waiting: T[] = []
  return (item) => {
    waiting.push(item)
    if (waiting.length > 1) return
    setImmediate(() => {
      const items = waiting
      waiting = []
      send(items)
    })
  }
}
