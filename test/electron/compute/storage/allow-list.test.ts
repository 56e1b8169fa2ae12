import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedAs, fixedPart, globExpression, parseAllowedPath } from '../../../../electron/compute/storage/allow-list'

const as = (entries: readonly string[], path: string) => allowedAs(entries.map(parseAllowedPath), path)

describe('an entry of the allow-list', () => {
  it.each([
    ['/data', { pattern: '/data', writable: false }],
    ['/data/:rw', { pattern: '/data', writable: true }],
    ['/data:RO', { pattern: '/data', writable: false }],
    ['/', { pattern: '/', writable: false }],
    ['/a:b/c', { pattern: '/a:b/c', writable: false }],
  ])('%s', (text, entry) => {
    expect(parseAllowedPath(text)).toEqual(entry)
  })

  it.each([
    ['/data', '/data', 'ro'],
    ['/data', '/data/a/b', 'ro'],
    ['/data', '/database', undefined],
    ['/data', '/', undefined],
    ['/', '/anything/at/all', 'ro'],
    ['/data/*', '/data/a', 'ro'],
    ['/data/*', '/data/a/b', undefined],
    ['/data/**', '/data', 'ro'],
    ['/data/**', '/data/a/b/c', 'ro'],
    ['/data/**', '/data-else/a', undefined],
    ['/data/**/x', '/data/x', 'ro'],
    ['/data/**/x', '/data/a/b/x', 'ro'],
    ['/data/**/x', '/data/ax', undefined],
    ['/d?ta/[a-c]/{one,two}', '/data/b/two', 'ro'],
    ['/d?ta/[a-c]/{one,two}', '/data/d/two', undefined],
    ['/data/[!a]', '/data/b', 'ro'],
    ['/data/[!a]', '/data/a', undefined],
    ['/a.b+(c)', '/aXb+(c)', undefined],
    ['/a.b+(c)', '/a.b+(c)', 'ro'],
  ] as const)('%s and %s: %s', (entry, path, expected) => {
    expect(as([entry], path)).toBe(expected)
  })

  it('for writing beats one for reading', () => {
    expect(as(['/data:ro', '/data/mine:rw'], '/data/mine/x')).toBe('rw')
    expect(as(['/data:ro', '/data/mine:rw'], '/data/else')).toBe('ro')
  })

  it('has a part that is fixed: what stands before its first wildcard', () => {
    expect(['/a/b', '/a/b*', '/a/*/c', '/*', '/a/{b,c}'].map(fixedPart)).toEqual(['/a/b', '/a', '/a', '/', '/a'])
  })

  it('is never an error, whatever is written, and without wildcards allows nothing but what lies under it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('/', 'a', 'b', '.', '*', '?', '[', ']', '{', '}', ',', '!', '\\', '-') }),
        fc.string({ unit: fc.constantFrom('/', 'a', 'b', '.') }),
        (glob, path) => {
          if (/[[\]]/.test(glob)) return // A range that runs backwards is one of nobody's.
          globExpression(glob).test(path)
          if (!/[*?[{]/.test(glob) && as([glob], path) !== undefined) expect(path.startsWith(parseAllowedPath(glob).pattern)).toBe(true)
        },
      ),
    )
  })
})
