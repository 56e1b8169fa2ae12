import { describe, expect, it } from 'vitest'
import { takeProfileFlag } from '../../../../electron/cli/profiles/take-profile-flag'

describe('takeProfileFlag', () => {
  it.each<[string, string | undefined, string]>([
    ['node list --profile lab --wide', 'lab', 'node list --wide'],
    ['--profile=lab node list', 'lab', 'node list'],
    ['--profile a node --profile b list', 'b', 'node list'],
    ['node list', undefined, 'node list'],
    ['wasm run m.wasm -- --profile x', undefined, 'wasm run m.wasm -- --profile x'],
  ])('%s', (given, profile, rest) => {
    expect(takeProfileFlag(given.split(' '))).toEqual({ rest: rest.split(' '), ...(profile === undefined ? {} : { profile }) })
  })

  it.each([['--profile'], ['--profile=']])('needs a value: %s', (flag) => {
    expect(() => takeProfileFlag(['node', 'list', flag])).toThrow('Flag --profile needs a value.')
  })
})
