/** How often and how soon a process that died is started again. Times in milliseconds. */
export interface RestartPolicy {
  /** Upper bound of the first delay; doubled at each death in a row. */
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** A process that was ready this long has earned its attempts back. */
  readonly healthyAfterMs: number
  /** Deaths in a row after which nobody but a person starts it again. */
  readonly maxAttempts: number
}

/** 0.1 s to 30 s with full jitter; at most eleven starts of a program that always dies. */
export const patientRestarts: RestartPolicy = { firstDelayMs: 100, maxDelayMs: 30_000, healthyAfterMs: 60_000, maxAttempts: 10 }

interface Death {
  /** Restarts already spent since the process was last healthy. */
  readonly attempts: number
  /** How long it was ready before it died; 0 when it never was. */
  readonly readyMs: number
}

type RestartDecision =
  { readonly kind: 'restart'; readonly attempts: number; readonly delayMs: number } | { readonly kind: 'give-up'; readonly attempts: number }

/** What to do after a death. `random` in [0, 1) spreads the delays, so that many processes do not start in step. */
export function decideRestart(policy: RestartPolicy, death: Death, random: number): RestartDecision {
  const spent = death.readyMs >= policy.healthyAfterMs ? 0 : death.attempts
  if (spent >= policy.maxAttempts) return { kind: 'give-up', attempts: spent }
  const ceiling = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** spent)
  return { kind: 'restart', attempts: spent + 1, delayMs: Math.round(ceiling * random) }
}
