import { describe, expect, it } from 'vitest'
import { templateVariables } from '../../../../electron/cli/spec/template-variables'

describe('templateVariables', () => {
  const env = { WHO: 'env', WHOEVER: 'e', HOME: '/h', GONE: undefined }
  it.each<[Record<string, string>, string[], Record<string, string>]>([
    [{ a: '1' }, [], { a: '1' }],
    [{}, ['^WHO$'], { WHO: 'env' }],
    [{ WHO: 'given' }, ['^WHO'], { WHO: 'given', WHOEVER: 'e' }],
    [{}, ['*'], { WHO: 'env', WHOEVER: 'e', HOME: '/h' }],
  ])('%j %j', (given, patterns, expected) => expect(templateVariables(given, patterns, env)).toEqual(expected))

  it('refuses what is no pattern', () => expect(() => templateVariables({}, ['('], env)).toThrow(/--template-envs cannot be "\("/))
})
