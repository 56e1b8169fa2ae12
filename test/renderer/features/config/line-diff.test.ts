import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLines, hunksOf, type DiffLine } from '../../../../renderer/features/config/line-diff'

const shown = (lines: readonly DiffLine[]): string[] =>
  lines.map(({ kind, text, line }) => `${{ same: ' ', added: '+', deleted: '-' }[kind]}${text}@${line}`)

describe('diffLines', () => {
  it('tells added, changed and deleted lines with their numbers', () => {
    expect(shown(diffLines('a\nb\nc\nd', 'a\nB\nc\nx\nd'))).toEqual([' a@1', '-b@2', '+B@2', ' c@3', '+x@4', ' d@5'])
  })

  it('is all the same for equal texts', () => {
    expect(diffLines('a\nb', 'a\nb').every(({ kind }) => kind === 'same')).toBe(true)
  })

  it('always holds both texts, and as few changed lines as can be for one insertion', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after)
        expect(
          lines
            .filter(({ kind }) => kind !== 'added')
            .map((line) => line.text)
            .join('\n'),
        ).toBe(before)
        expect(
          lines
            .filter(({ kind }) => kind !== 'deleted')
            .map((line) => line.text)
            .join('\n'),
        ).toBe(after)
      }),
    )
    expect(diffLines('a\nb\na\nb', 'a\nb\nx\na\nb').filter(({ kind }) => kind !== 'same')).toHaveLength(1)
  })
})

describe('hunksOf', () => {
  it('leaves out what lies between changes', () => {
    const lines = diffLines('1\n2\n3\n4\n5\n6\n7', '1\nx\n3\n4\n5\ny\n7')
    expect(hunksOf(lines, 1).map((hunk) => hunk.map(({ text }) => text).join(''))).toEqual(['12x3', '56y7'])
    expect(hunksOf(diffLines('a', 'a'), 1)).toEqual([])
  })
})
