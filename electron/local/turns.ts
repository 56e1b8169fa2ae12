/** Runs tasks one after the other, in the order of their calls. A task that fails does not hold up the next. */
export interface Turns {
  take<Value>(task: () => Promise<Value>): Promise<Value>
}

/** No turn is taken yet. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take: (task) => {
      const turn = last.then(task)
      last = turn.catch(() => undefined) // Told to whoever took that turn.
      return turn
    },
  }
}
