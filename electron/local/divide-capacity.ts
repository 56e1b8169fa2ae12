/** Capacity in cores and bytes. */
export interface Capacity {
  readonly CPU: number
  readonly Memory: number
  readonly Disk: number
}

type Division =
  | { readonly kind: 'divided'; readonly each: Capacity }
  /** What is left is too little for that many; `fit` nodes would do. */
  | { readonly kind: 'too-little'; readonly left: Capacity; readonly fit: number }

/** With less than this a node is of no use. */
const LEAST: Capacity = { CPU: 0.05, Memory: 64_000_000, Disk: 0 }

/**
 * What each of `count` new nodes on a machine gets: what exists keeps its share, the new ones divide what is left into
 * equal parts and leave one part over, so that more can always be added. Rounded down (CPU to a thousandth of a core):
 * the sum never exceeds the machine's allocation.
 * @param machine what this machine gives to jobs at all (its allocation, not its size)
 * @param existing shares of the nodes that are already there
 */
export function divide(machine: Capacity, existing: readonly Capacity[], count: number): Division {
  const left = remaining(machine, existing)
  const fit = Math.min(...capacityKeys.map((key) => (LEAST[key] === 0 ? Infinity : Math.max(0, Math.floor(left[key] / LEAST[key] + 1e-9) - 1))))
  if (count > fit) return { kind: 'too-little', left, fit }
  const parts = count + 1
  return {
    kind: 'divided',
    each: { CPU: thousandths(left.CPU / parts), Memory: Math.floor(left.Memory / parts), Disk: Math.floor(left.Disk / parts) },
  }
}

/** What the existing nodes leave of a machine's allocation, never less than nothing. */
export function remaining(machine: Capacity, existing: readonly Capacity[]): Capacity {
  const left = (key: keyof Capacity): number => Math.max(0, machine[key] - existing.reduce((sum, share) => sum + share[key], 0))
  return { CPU: thousandths(left('CPU')), Memory: Math.floor(left('Memory')), Disk: Math.floor(left('Disk')) }
}

const capacityKeys = ['CPU', 'Memory', 'Disk'] as const

/** Rounded down, but a 0.3 that arithmetic made 0.29999999999999993 counts as 0.3. */
function thousandths(cores: number): number {
  return Math.floor(cores * 1000 + 1e-6) / 1000
}
