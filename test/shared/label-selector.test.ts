import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabelSelectorError, matchesLabels, parseLabelSelector } from '../../shared/label-selector'

const labels = { zone: 'north', size: '4', 'example.com/tier': 'gold', empty: '' }

describe('a label selector', () => {
  it.each([
    ['', true],
    ['zone', true],
    ['!zone', false],
    ['colour', false],
    ['!colour', true],
    ['zone=north', true],
    ['zone==north', true],
    ['zone = north', true],
    ['zone!=north', false],
    ['colour!=red', true],
    ['zone in (south,north)', true],
    ['zone in (south)', false],
    ['zone notin (south)', true],
    ['zone notin (north)', false],
    ['colour notin (red)', true],
    ['size>3', true],
    ['size>4', false],
    ['size<5', true],
    ['size > 3,size < 5', true],
    ['zone>3', false],
    ['empty=', true],
    ['empty in ()', true],
    ['empty in (,x)', true],
    ['zone in (,)', false],
    ['example.com/tier=gold,zone', true],
    ['zone=north,!size', false],
    ['in in (in)', false],
    ['size>9007199254740993', false],
  ])('%s: %s', (text, expected) => {
    expect(matchesLabels(parseLabelSelector(text), labels)).toBe(expected)
  })

  it('does not take what objects inherit for a label', () => {
    expect(matchesLabels(parseLabelSelector('constructor'), labels)).toBe(false)
    expect(matchesLabels(parseLabelSelector('!toString'), labels)).toBe(true)
  })

  it.each([
    ['==', "found '==', expected: !, identifier, or 'end of string'"],
    ['a=b,', "found '', expected: identifier after ','"],
    ['a=b,,c', "found ',', expected: identifier after ','"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    ['!=a', "found '!=', expected: !, identifier, or 'end of string'"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(new LabelSelectorError(message))
  })

  it.each(['a in (b', 'a in (b c)', 'a>x', '-a', 'a/b/c', 'A.B/c=d', 'k'.repeat(64), 'a=!', 'a=-b', `a=${'v'.repeat(64)}`, 'a>9223372036854775808'])(
    '%s is refused',
    (text) => {
      expect(() => parseLabelSelector(text)).toThrow(LabelSelectorError)
    },
  )

  it('never throws anything else, whatever the text', () => {
    const piece = fc.constantFrom('a', 'zone', 'in', 'notin', '=', '==', '!=', '!', '(', ')', ',', '<', '>', ' ', '1', '-', '/', 'é')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            matchesLabels(parseLabelSelector(text), labels)
          } catch (error) {
            expect(error).toBeInstanceOf(LabelSelectorError)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})
