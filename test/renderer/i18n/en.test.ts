import { describe, expect, it } from 'vitest'
import { en } from '../../../renderer/i18n/en'

type Words = { readonly [key: string]: string | Words }

function all(words: Words, path = ''): (readonly [key: string, words: string])[] {
  return Object.entries(words).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[here, value] as const] : all(value, here)
  })
}

const sources = Object.entries(import.meta.glob<string>('../../../renderer/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }))
  .filter(([path]) => !/\/i18n\/en(\.ts|\/)/.test(path))
  .map(([, text]) => text)
  .join('\n')

/** Keys that are put together of a fixed beginning and a name: t(`nav.${screen}`). */
function isComposed(key: string): boolean {
  return Array.from(key).some((_, at) => at > 0 && sources.includes(`\`${key.slice(0, at)}\${`))
}

describe('the words', () => {
  it('are plain: no spaces around them, no begging, no shouting, no broken slots', () => {
    const odd = all(en).filter(
      ([, words]) => words.trim() !== words || /\b(please|oops|successfully)\b|!/i.test(words) || /[{}]/.test(words.replace(/\{\{\w+\}\}/g, '')),
    )
    expect(odd).toEqual([])
  })

  it('are all shown somewhere', () => {
    const unused = all(en)
      .map(([key]) => key.replace(/_(zero|one|other)$/, ''))
      .filter((key) => !sources.includes(`'${key}'`) && !isComposed(key))
    expect([...new Set(unused)]).toEqual([])
  })
})
