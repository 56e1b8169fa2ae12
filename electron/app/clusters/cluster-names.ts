/** Names for clusters of people who have something better to do than to think of one. */
const names = ['tidepool', 'lagoon', 'reef', 'estuary', 'harbour', 'sandbar', 'kelp', 'current', 'drift', 'spindrift', 'seamount', 'fjord'] as const

/** The first name that no cluster has; numbered when all are used. */
export function suggestName(taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()))
  const free = names.find((name) => !used.has(name))
  if (free !== undefined) return free
  for (let number = 2; ; number += 1) {
    const numbered = names.map((name) => `${name}-${number}`).find((name) => !used.has(name))
    if (numbered !== undefined) return numbered
  }
}
