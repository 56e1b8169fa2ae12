/**
 * The sequence number of the orchestrator's last message that this node has dealt with. Heartbeats report it, and the
 * orchestrator goes on from there after the next handshake.
 */
export interface Position {
  value: number
  /** While it is held, messages wait: those that follow the handshake's answer in the same breath must not be counted before it. */
  hold(): () => void
  settled(): Promise<void>
}

/** At 0: nothing was dealt with. */
export function createPosition(): Position {
  let held: Promise<void> = Promise.resolve()
  return {
    value: 0,
    hold: () => {
      let release: () => void = () => undefined
      held = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    settled: () => held,
  }
}
