/** How long a quick return is hoped for, in attempts: about 20 s. */
const quickAttempts = 45

/**
 * How long to wait before round `attempt` (0 = the first after a loss) of tries at the known servers, in milliseconds. Quick at first,
 * so that a hundred nodes are back within a second of their orchestrator; spread by `random` (0 … 1), so that they do not come in step;
 * never more than 2 s.
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const full = attempt < quickAttempts ? Math.min(500, 35 * 1.6 ** attempt) : 2000
  return Math.round(full * (0.6 + 0.4 * random))
}

/** A server that keeps refusing us is asked less often, up to every 5 s: the answer only changes when a person changes a token. */
export function refusedDelayMs(refusals: number, random: number): number {
  return Math.round(Math.min(5000, 100 * 2 ** refusals) * (0.6 + 0.4 * random))
}

/**
 * How long one attempt to reconnect may take after `silences` in a row. Short at first: a server that has just opened its port may not be
 * able to decide about logins yet, and answers a second try sooner than the first. Longer with each silence, for slow networks.
 */
export function attemptTimeoutMs(silences: number, connectTimeoutMs: number): number {
  return Math.min(connectTimeoutMs, 500 * 2 ** Math.min(silences, 10))
}
