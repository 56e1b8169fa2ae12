import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderTable, wrap } from '../../../../electron/cli/output/table'
import type { Column } from '../../../../electron/cli/output/table'

interface Item {
  readonly name: string
  readonly text: string
}
const columns: readonly Column<Item>[] = [
  { head: 'name', value: ({ name }) => name, short: (text) => text.slice(0, 4) },
  { head: 'text', value: ({ text }) => text, width: 10 },
]
const plain = { wide: false, hideHeader: false, head: (text: string) => text }
const items = [
  { name: 'first-one', text: 'a b c d e f g h' },
  { name: 'b', text: '' },
]

describe('renderTable', () => {
  it('pads cells, wraps long ones, shortens ids', () => {
    expect(renderTable(columns, items, plain).split('\n')).toEqual([
      ' NAME  TEXT      ',
      ' firs  a b c d e ',
      '       f g h     ',
      ' b               ',
      '',
    ])
  })

  it('shows whole values when wide', () => {
    expect(renderTable(columns, items, { ...plain, wide: true, hideHeader: true }).split('\n')).toEqual([
      ' first-one  a b c d e f g h ',
      ' b                          ',
      '',
    ])
  })

  it('shows what a terminal would obey', () => {
    const [, row] = renderTable(columns, [{ name: 'x', text: '\u001b[2Jb' }], { ...plain, wide: true }).split('\n')
    expect(row).toBe(' x     \\u001b[2Jb ')
  })

  it('styles the head only', () => {
    expect(renderTable(columns, items, { ...plain, head: (text) => `<${text}>` }).match(/<.*>/g)).toEqual(['< NAME  TEXT      >'])
  })

  it('keeps lines apart whatever the values hold', () => {
    const text = fc.string().map((value) => `${value}\n\t漢字`)
    fc.assert(
      fc.property(fc.array(fc.record({ name: text, text }), { minLength: 1 }), (rows) => {
        expect(renderTable(columns, rows, { ...plain, wide: true }).split('\n')).toHaveLength(rows.length + 2)
      }),
    )
  })

  it('counts wide characters twice', () => {
    const [head, row] = renderTable([{ head: 'x', value: () => '漢字' }], [0], plain).split('\n')
    expect([head, row]).toEqual([' X    ', ' 漢字 '])
  })
})

describe('wrap', () => {
  it('never makes a line too long, and loses no character', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{0,60}$/), fc.integer({ min: 1, max: 20 }), (text, width) => {
        const lines = wrap(text, width)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      }),
    )
  })
})
