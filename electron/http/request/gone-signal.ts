import type { ServerResponse } from 'node:http'

/** Tells a handler that nobody waits for its answer any more: aborted when the connection of the response closes. */
export class GoneSignal {
  readonly #response: ServerResponse
  #made: AbortController | undefined
  #isGone = false

  constructor(response: ServerResponse) {
    this.#response = response
  }

  /** Made when somebody looks at it: hardly a handler does, and it would be a good part of what a small request costs. */
  get signal(): AbortSignal {
    return (this.#made ??= this.#make()).signal
  }

  abort(): void {
    this.#isGone = true
    this.#made?.abort()
  }

  #make(): AbortController {
    const controller = new AbortController()
    if (this.#isGone || this.#response.destroyed) controller.abort()
    else this.#response.once('close', () => this.abort())
    return controller
  }
}
