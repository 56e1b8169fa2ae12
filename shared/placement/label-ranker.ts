import { printConstraints, selectorsOf } from '../jobs/constraints'
import { matchesLabels } from '../label-selector'
import { preferred } from './ranker'
import type { Ranker } from './ranker'

/** The node's labels meet all constraints; those beginning with `favour_` only make it better. */
export const labelRanker: Ranker = {
  name: 'labels',
  prepare: ({ job }) => {
    const { required, favoured } = selectorsOf(job.Constraints)
    return ({ labels }) => {
      if (!matchesLabels(required, labels)) {
        return { unsuitable: `labels ${printLabels(labels)} don't match required selectors ${printConstraints(job.Constraints)}` }
      }
      const wished = favoured.length > 0 && matchesLabels(favoured, labels)
      return { score: (required.length > 0 ? preferred : 0) + (wished ? preferred : 0) }
    }
  },
}

/** `map[os:linux zone:a]`, sorted by key. */
function printLabels(labels: Readonly<Record<string, string>>): string {
  const keys = Object.keys(labels).sort()
  return `map[${keys.map((key) => `${key}:${labels[key] ?? ''}`).join(' ')}]`
}
