import type { Presence } from './presence'

/** How the time without heartbeats is measured. Milliseconds. */
interface HealthTimes {
  /** `Orchestrator.NodeManager.DisconnectTimeout`. */
  readonly timeout: number
  /** Between two looks at all nodes. */
  readonly scanEvery: number
  /** More time than this between two looks is taken for sleep of our own. */
  readonly longestGap: number
}

/** Looks often enough to be late by a twelfth of the timeout at most, and no oftener than 20 times a second. */
export function healthTimes(timeout: number): HealthTimes {
  const scanEvery = Math.min(5000, Math.max(50, timeout / 12))
  return { timeout, scanEvery, longestGap: scanEvery + 250 }
}

/** Whether a node has been silent for too long. `awake` is the awake time now. */
export function isSilent(presence: Presence, awake: number, { timeout }: HealthTimes): boolean {
  return presence.kind !== 'away' && awake - presence.session.beatAt > timeout
}
