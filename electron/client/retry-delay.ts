const FIRST = 250
const LONGEST = 5_000

/**
 * Milliseconds to wait before a try: short at first, for most ends are a restart that is over in a moment.
 * @param failures tries that have failed in a row, 1 for the first.
 * @param random from 0 to 1: spreads many readers of one orchestrator.
 */
export function retryDelay(failures: number, random: number): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1))
  return Math.round(longest * (0.75 + random * 0.25))
}
