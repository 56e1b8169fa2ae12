import { AppError } from '../../shared/errors'
import type { LabelRequirement } from '../../shared/label-selector'
import { LabelSelectorError, parseLabelSelector } from '../../shared/label-selector'

/**
 * Each requirement of a selector as a text of its own, sorted by key: what Bacalhau's own client sends. Throws `cli.bad-labels`.
 */
export function labelRequirements(selector: string): string[] {
  try {
    return [...parseLabelSelector(selector)].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(requirementText)
  } catch (error) {
    if (!(error instanceof LabelSelectorError)) throw error
    throw new AppError('cli.bad-labels', `could not parse labels: ${error.message}`, {
      hint: "Write --labels 'zone=north,tier in (gold,silver),!old'.",
    })
  }
}

function requirementText({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`
    case 'exists':
      return key
    case 'missing':
      return `!${key}`
    default:
      return `${key}${signs[operator]}${values.join(',')}`
  }
}

const signs = { equals: '=', notEquals: '!=', greater: '>', less: '<' } as const
