import type { ServerResponse } from 'node:http'

/** Tells a handler that nobody waits for its answer any more. */
export interface GoneSignal {
  /** Made when somebody looks at it: hardly a handler does, and it would be a good part of what a small request costs. */
  readonly signal: AbortSignal
  abort(): void
}

/** Aborted when the connection of the response closes. */
export function goneSignal(response: ServerResponse): GoneSignal {
  let made: AbortController | undefined
  let isGone = false
  const abort = (): void => {
    isGone = true
    made?.abort()
  }
  const make = (): AbortController => {
    const controller = new AbortController()
    if (isGone || response.destroyed) controller.abort()
    else response.once('close', abort)
    return controller
  }
  return {
    get signal() {
      return (made ??= make()).signal
    },
    abort,
  }
}
