import type { LabelRequirement, LabelSelector } from '../label-selector'
import { constraintOperators } from '../models/job'
import type { Constraint, ConstraintOperator } from '../models/job'
import type { ConstraintSpec } from './job-spec'

/** A constraint on a label with this prefix is a wish: nodes that meet it come first, others are not ruled out. */
const wishPrefix = 'favour_'

const operators: Readonly<Record<ConstraintOperator, LabelRequirement['operator']>> = {
  '=': 'equals',
  '==': 'equals',
  '!=': 'notEquals',
  in: 'in',
  notin: 'notin',
  exists: 'exists',
  '!': 'missing',
  gt: 'greater',
  lt: 'less',
}

const isOperator = (text: string): text is ConstraintOperator => Object.hasOwn(operators, text)

/**
 * What is wrong with a constraint. Bacalhau takes unknown operators and comparisons with words, and such jobs are never placed: here they
 * are refused.
 */
export function constraintFaults({ Key = '', Operator = '', Values = [] }: ConstraintSpec): string[] {
  const faults = Key.trim() === '' ? ['selector key cannot be blank'] : []
  if (!isOperator(Operator))
    return [...faults, `selector operator ${JSON.stringify(Operator)} is unknown: use one of ${constraintOperators.join(', ')}`]
  if (Operator === 'in' || Operator === 'notin') {
    if (Values.length === 0) faults.push('selector values cannot be empty for In or NotIn operators')
  } else if (Operator === 'exists' || Operator === '!') {
    if (Values.length > 0) faults.push('selector values must be empty for Exists or KeyNotInImap operators')
  } else if (Values.length !== 1) {
    faults.push('selector values must have exactly one value for other operators')
  } else if ((Operator === 'gt' || Operator === 'lt') && !/^[+-]?\d+$/.test(Values[0] ?? '')) {
    faults.push(`selector value ${JSON.stringify(Values[0])} must be a whole number for the gt and lt operators`)
  }
  return faults
}

/** Constraints as label selectors: what a node must meet, and what it should. An operator that is not known is met by no node. */
export function selectorsOf(constraints: readonly Constraint[]): { readonly required: LabelSelector; readonly favoured: LabelSelector } {
  const required: LabelRequirement[] = []
  const favoured: LabelRequirement[] = []
  for (const { Key, Operator, Values } of constraints) {
    const wish = Key.startsWith(wishPrefix)
    const requirement = isOperator(Operator)
      ? { key: wish ? Key.slice(wishPrefix.length) : Key, operator: operators[Operator], values: Values ?? [] }
      : { key: Key, operator: 'in' as const, values: [] }
    ;(wish ? favoured : required).push(requirement)
  }
  return { required, favoured }
}

/** Constraints as Bacalhau prints them: `[zone = a|b tier exists ]`. */
export function printConstraints(constraints: readonly Constraint[]): string {
  return `[${constraints.map(({ Key, Operator, Values }) => `${Key} ${Operator} ${(Values ?? []).join('|')}`).join(' ')}]`
}
