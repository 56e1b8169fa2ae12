import { describe, expect, it } from 'vitest'
import { parseLabels, parsePairs } from '../../../../electron/cli/spec/key-values'

describe('parsePairs', () => {
  it.each<[string, Record<string, string>]>([
    ['a=b', { a: 'b' }],
    ['a=b,c', { a: 'b,c' }],
    ['a=b,c=d', { a: 'b', c: 'd' }],
    ['a=', { a: '' }],
  ])('%s', (text, expected) => expect(parsePairs(text, '--env')).toEqual(expected))

  it.each(['a', '=b', 'a=b,c=d,e'])('refuses %s', (text) => expect(() => parsePairs(text, '--env')).toThrow(/--env cannot be/))
})

describe('parseLabels', () => {
  it('takes pairs and words, from several flags', () => {
    expect(parseLabels(['a=b,c=d', 'e', 'example.org/f=1'])).toEqual({ a: 'b', c: 'd', e: '', 'example.org/f': '1' })
  })
  it.each([
    ['bad key=1', /"bad key" is no key/],
    ['a=b c', /"b c" is no value/],
    ['-a=1', /is no key/],
    ['', /is no key/],
  ])('refuses %s', (text, says) => expect(() => parseLabels([text])).toThrow(says))
})
