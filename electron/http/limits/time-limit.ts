/** Stands for work that was not done in time. */
export const timedOut = Symbol('timed out')

/** What `work` comes to, or `timedOut` when that takes longer than `ms`. The work itself goes on. */
export async function withinTime<T>(work: Promise<T>, ms: number): Promise<T | typeof timedOut> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof timedOut>((resolve) => {
    timer = setTimeout(() => resolve(timedOut), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
