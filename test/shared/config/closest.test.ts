import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closest } from '../../../shared/config/closest'

describe('closest', () => {
  it.each([
    ['lst', ['list', 'describe'], 'list'],
    ['--orchestartor', ['--compute', '--orchestrator'], '--orchestrator'],
    ['nope', ['node', 'serve'], 'node'],
    ['zzz', ['list'], undefined],
    ['', ['list'], undefined],
  ])('%s in %j', (word, candidates, meant) => {
    expect(closest(word, candidates)).toBe(meant)
  })

  it('finds a word that two neighbours were swapped in', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{5,12}$/), fc.nat(3), (word, at) => {
        const swapped = word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
        expect(closest(swapped, [word])).toBe(word)
      }),
    )
  })
})
