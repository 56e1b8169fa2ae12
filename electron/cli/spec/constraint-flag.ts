import { AppError } from '../../../shared/errors'
import type { LabelRequirement } from '../../../shared/label-selector'
import { LabelSelectorError, parseLabelSelector } from '../../../shared/label-selector'
import type { Constraint } from '../../../shared/models/job'

const operators: Readonly<Record<LabelRequirement['operator'], string>> = {
  in: 'in',
  notin: 'notin',
  equals: '=',
  notEquals: '!=',
  exists: 'exists',
  missing: '!',
  greater: 'gt',
  less: 'lt',
}

/** The constraints that a label selector stands for, sorted by key. Undefined for an empty one. Throws `cli.bad-constraints`. */
export function parseConstraints(selector: string): readonly Constraint[] | undefined {
  if (selector.trim() === '') return undefined
  try {
    return [...parseLabelSelector(selector)]
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ key, operator, values }) => ({ Key: key, Operator: operators[operator], ...(values.length === 0 ? {} : { Values: values }) }))
  } catch (error) {
    if (!(error instanceof LabelSelectorError)) throw error
    throw new AppError('cli.bad-constraints', `could not parse constraints: ${error.message}`, {
      hint: "Write --constraints 'zone=north,tier in (gold,silver),!old'.",
    })
  }
}
