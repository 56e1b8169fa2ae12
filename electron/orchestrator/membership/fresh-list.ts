/**
 * Asks for a list so that each caller gets one that was begun after its call, while there is never more than one question under way:
 * one answer serves everybody who has come since the last question was put. Rejects as `ask` does.
 */
export function createFreshList<Item>(ask: () => Promise<readonly Item[]>): () => Promise<readonly Item[]> {
  let current = Promise.resolve()
  let next: Promise<readonly Item[]> | undefined
  return () => {
    next ??= current.then(() => {
      const asked = ask()
      next = undefined
      current = asked.then(
        () => undefined,
        () => undefined,
      )
      return asked
    })
    return next
  }
}
