import { describe, expect, it } from 'vitest'
import { renderCsv } from '../../../../electron/cli/output/csv'

const columns = [
  { head: 'Key', value: (item: readonly string[]) => item[0] ?? '', short: () => 'short' },
  { head: 'Value', value: (item: readonly string[]) => item[1] ?? '' },
]

describe('renderCsv', () => {
  it('quotes what needs it, and shortens nothing', () => {
    expect(
      renderCsv(
        columns,
        [
          ['long-name', 'a,b'],
          ['q', 'say "hi"'],
          ['n', 'two\nlines'],
        ],
        false,
      ),
    ).toBe('Key,Value\nlong-name,"a,b"\nq,"say ""hi"""\nn,"two\nlines"\n')
  })

  it('leaves the head out', () => {
    expect(renderCsv(columns, [['a', 'b']], true)).toBe('a,b\n')
  })
})
