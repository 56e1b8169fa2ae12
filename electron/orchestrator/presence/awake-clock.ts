/**
 * A clock that counts only the time in which this process was awake. When it was frozen (SIGSTOP, a suspended machine, a blocked
 * event loop) heartbeats lie unread in its sockets: that time must not count against the nodes.
 */
interface AwakeClock {
  /** Reading of the monotonic clock at the last tick, and awake time until then. Milliseconds. */
  readonly lastTick: number
  readonly awake: number
}

/** A clock that begins at this reading of the monotonic one, in milliseconds. */
export function startAwakeClock(monotonic: number): AwakeClock {
  return { lastTick: monotonic, awake: 0 }
}

/** Moves the clock on. A gap longer than `longestGap` between two ticks counts as `longestGap`: the rest was sleep. */
export function tick(clock: AwakeClock, monotonic: number, longestGap: number): AwakeClock {
  const gap = Math.max(0, monotonic - clock.lastTick)
  return { lastTick: Math.max(monotonic, clock.lastTick), awake: clock.awake + Math.min(gap, longestGap) }
}

/** Awake time at this moment. */
export function awakeAt(clock: AwakeClock, monotonic: number, longestGap: number): number {
  return tick(clock, monotonic, longestGap).awake
}
