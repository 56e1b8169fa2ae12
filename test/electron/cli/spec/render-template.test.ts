import { describe, expect, it } from 'vitest'
import { renderTemplate, templateVariables } from '../../../../electron/cli/spec/render-template'

describe('renderTemplate', () => {
  it.each<[string, string]>([
    ['no braces', 'no braces'],
    ['a {{.x}} b {{ .x }}{{.y_2}}', 'a X b X2'],
    ['a \n {{- .x -}} \n b', 'aXb'],
    ['{{/* gone */}}a', 'a'],
    ['{{"{{"}} {{`}}`}}', '{{ }}'],
    ['{{"a\\"b"}}', 'a"b'],
    ['}} {', '}} {'],
  ])('%s', (text, expected) => expect(renderTemplate(text, { x: 'X', y_2: '2' })).toBe(expected))

  it('never looks into a value that was filled in', () => {
    expect(renderTemplate('{{.x}}', { x: '{{.y}}' })).toBe('{{.y}}')
  })

  it.each<[string, RegExp]>([
    ['a\nb {{.who}}', /line 2: there is no value for {{\.who}}/],
    ['{{.toString}}', /no value for {{\.toString}}/],
    ['{{if .x}}', /{{if \.x}} is not understood/],
    ['{{.x | upper}}', /is not understood/],
    ['{{.x', /line 1: "{{" is never closed/],
  ])('refuses %s', (text, says) => expect(() => renderTemplate(text, { x: 'X' })).toThrow(says))
})

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
