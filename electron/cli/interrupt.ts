/** Runs `work` with a signal that is aborted by Ctrl-C (or SIGTERM). A second one ends the process in the ordinary way. */
export async function untilInterrupted<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const interrupted = new AbortController()
  const names = ['SIGINT', 'SIGTERM'] as const
  const stop = (): void => {
    forget()
    interrupted.abort()
  }
  const forget = (): void => {
    for (const name of names) process.removeListener(name, stop)
  }
  for (const name of names) process.on(name, stop)
  try {
    return await work(interrupted.signal)
  } finally {
    forget()
  }
}
