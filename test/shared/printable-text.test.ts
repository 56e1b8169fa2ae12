import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printableLines, printableText } from '../../shared/printable-text'

describe('printableText', () => {
  it.each<[string, string, string]>([
    ['colours', 'a\u001b[31mb', 'a\\u001b[31mb'],
    ['the title of the window', '\u001b]0;mine\u0007', '\\u001b]0;mine\\u0007'],
    ['the same in one character', '\u009b31m', '\\u009b31m'],
    ['a line of its own', 'a\nFAKE', 'a\\u000aFAKE'],
    ['the direction of writing', 'a\u202Efdp.exe', 'a\\u202efdp.exe'],
    ['what has no width', 'a\u200Bb\uFEFF', 'a\\u200bb\\ufeff'],
    ['other scripts and pictures', '名前 שלום 👩‍🔬🐟 é', '名前 שלום 👩‍🔬🐟 é'],
  ])('%s', (_, text, shown) => {
    expect(printableText(text)).toBe(shown)
  })

  it('leaves nothing that a terminal obeys, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = printableText(text)
        expect(shown).not.toMatch(/\p{Cc}/u)
        expect(printableText(shown)).toBe(shown)
      }),
    )
  })
})

describe('printableLines', () => {
  it('keeps lines and tabs', () => {
    expect(printableLines('a\n\tb\r\u001b[2J')).toBe('a\n\tb\\u000d\\u001b[2J')
  })
})
