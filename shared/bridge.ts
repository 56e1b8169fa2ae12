import type { Failure } from './errors'

/** Every command is answered; a refusal is an answer too. */
export type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure }

/** Electron’s name for all commands of the window. */
export const commandChannel = 'shoal:command'
/** Electron’s name for all that main tells the window. */
export const eventChannel = 'shoal:event'

/**
 * What goes over `eventChannel`: the events of one frame, in order. Payloads as JSON: the bridge between the preload script's world and
 * the page's copies an object property by property, which takes two seconds for ten thousand nodes; a text goes over in no time.
 */
export type EventBatch = readonly (readonly [name: string, payload: string])[]

/** What the preload script puts on `window.shoal`. Stands apart from the contract so that the preload script carries no schema. */
export interface Bridge {
  readonly call: (name: string, input: unknown) => Promise<Answer<unknown>>
  /** `payload` is JSON text (a value as it is, from a bridge of a test). */
  readonly listen: (listener: (name: string, payload: unknown) => void) => () => void
}
