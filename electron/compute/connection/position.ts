/**
 * The sequence number of the orchestrator's last message that this node has dealt with. Heartbeats report it, and the
 * orchestrator goes on from there after the next handshake.
 */
export interface Position {
  value: number
  /**
   * While it is held, messages wait: those that follow the handshake's answer in the same breath must not be counted before it. Another
   * hold takes the place of the one before: nothing comes of a handshake whose link is gone, and nobody waits for its time-out.
   */
  hold(): () => void
  /** Resolves once nothing holds it, for all who wait in the order in which they have come: a cancellation must not overtake its request. */
  settled(): Promise<void>
}

/** A position that nothing holds, at 0. */
export function createPosition(): Position {
  let held: Promise<void> = Promise.resolve()
  let release: () => void = () => undefined
  let last: Promise<void> = held

  const free = async (): Promise<void> => {
    for (let seen: Promise<void> | undefined; seen !== held;) {
      seen = held
      await seen
    }
  }
  return {
    value: 0,
    hold: () => {
      const before = release
      held = new Promise((resolve) => {
        release = resolve
      })
      before()
      return release
    },
    settled: () => (last = last.then(free)),
  }
}
