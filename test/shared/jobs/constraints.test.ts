import { describe, expect, it } from 'vitest'
import { constraintFaults, printConstraints, selectorsOf } from '../../../shared/jobs/constraints'
import { matchesLabels } from '../../../shared/label-selector'

const meets = (Key: string, Operator: string, Values: readonly string[], labels: Readonly<Record<string, string>>) =>
  matchesLabels(selectorsOf([{ Key, Operator, Values }]).required, labels)

describe('constraints', () => {
  it.each([
    ['=', ['b'], { a: 'b' }, true],
    ['==', ['b'], { a: 'c' }, false],
    ['!=', ['b'], {}, true],
    ['in', ['b', 'c'], { a: 'c' }, true],
    ['notin', ['b', 'c'], { a: 'c' }, false],
    ['exists', [], { a: '' }, true],
    ['!', [], { a: '' }, false],
    ['gt', ['5'], { a: '10' }, true],
    ['lt', ['5'], { a: '10' }, false],
    ['gt', ['5'], { a: 'ten' }, false],
    ['~', ['5'], { a: '5' }, false],
  ] as const)('a %s %j on %j: %s', (operator, values, labels, expected) => expect(meets('a', operator, values, labels)).toBe(expected))

  it('are wishes when they begin with favour_', () => {
    const { required, favoured } = selectorsOf([{ Key: 'favour_zone', Operator: '=', Values: ['a'] }])
    expect(required).toEqual([])
    expect(favoured).toEqual([{ key: 'zone', operator: 'equals', values: ['a'] }])
  })

  it.each([
    [{ Key: 'a', Operator: 'exists', Values: ['x'] }, 'selector values must be empty for Exists or KeyNotInImap operators'],
    [{ Key: 'a', Operator: 'lt', Values: ['1.5'] }, 'selector value "1.5" must be a whole number for the gt and lt operators'],
    [{ Key: 'a' }, 'selector operator "" is unknown: use one of =, ==, !=, in, notin, exists, !, gt, lt'],
  ])('%j is refused', (constraint, text) => expect(constraintFaults(constraint)).toEqual([text]))

  it('are printed as Bacalhau prints them', () => {
    expect(
      printConstraints([
        { Key: 'zone', Operator: 'in', Values: ['a', 'b'] },
        { Key: 'x', Operator: 'exists' },
      ]),
    ).toBe('[zone in a|b x exists ]')
  })
})
