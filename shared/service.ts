import type { Failure } from './errors'

/** Where a long-lived thing is in its life. Times are Unix milliseconds. */
export type ServiceState =
  | { readonly kind: 'stopped'; readonly at?: number; readonly exitCode?: number | null }
  | { readonly kind: 'starting'; readonly since: number; readonly pid?: number }
  | { readonly kind: 'running'; readonly since: number; readonly pid: number; readonly restarts: number }
  | { readonly kind: 'stopping'; readonly since: number; readonly pid?: number }
  /** Died against our wish; started again at `nextTryAt`. */
  | { readonly kind: 'waiting'; readonly since: number; readonly nextTryAt: number; readonly attempt: number; readonly failure: Failure }
  /** Given up; only a person starts it again. */
  | { readonly kind: 'failed'; readonly since: number; readonly failure: Failure }

/** Anything that has to be stopped before the program may end. */
export interface Service {
  /** Resolves when ready, rejects with an AppError that says why it is not. */
  start(): Promise<void>
  /** Asks, waits, kills. Never rejects; a second call returns the same promise. */
  stop(): Promise<void>
  readonly state: ServiceState
}
