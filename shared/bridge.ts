import type { Failure } from './errors'

/** Every command is answered; a refusal is an answer too. */
export type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure }

export const commandChannel = 'shoal:command'
export const eventChannel = 'shoal:event'

/** What goes over `eventChannel`: the events of one frame, in order. */
export type EventBatch = readonly (readonly [name: string, payload: unknown])[]

/** What the preload script puts on `window.shoal`. Stands apart from the contract so that the preload script carries no schema. */
export interface Bridge {
  readonly call: (name: string, input: unknown) => Promise<Answer<unknown>>
  readonly listen: (listener: (name: string, payload: unknown) => void) => () => void
}
