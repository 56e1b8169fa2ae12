import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editConfigText } from '../../../electron/config/edit-config-text'
import { parseConfigText } from '../../../electron/config/parse-config-text'
import { configKeys, findKey } from '../../../shared/config/keys'
import type { ConfigValue } from '../../../shared/config/values'
import { parseValue } from '../../../shared/config/values'

const set = (text: string, name: string, value: ConfigValue | undefined): string => editConfigText(text, [{ key: findKey(name), value }])

const written = `# our cluster
api:
    host: 10.0.0.1 # the office
    port: 1234
# not a key of this version
Future:
    - a
    - b: 1
orchestrator:
    auth:
        token: old # from June
labels:
    zone: a
`

describe('editConfigText', () => {
  it('changes the value and nothing else', () => {
    expect(set(written, 'API.Port', 4321)).toBe(written.replace('1234', '4321'))
    expect(set(written, 'Orchestrator.Auth.Token', 'new')).toBe(written.replace('old', 'new'))
  })

  it('adds what is not there, inside the group that is', () => {
    expect(set(written, 'Orchestrator.Enabled', true)).toBe(
      written.replace('        token: old # from June\n', '        token: old # from June\n    Enabled: true\n'),
    )
    expect(set('', 'Compute.Orchestrators', ['a:1', 'b:2'])).toBe('Compute:\n  Orchestrators:\n    - a:1\n    - b:2\n')
    expect(set('# only a comment\n', 'API.Port', 1)).toBe('# only a comment\n\nAPI:\n  Port: 1\n')
  })

  it('takes a key out, with the group that is empty then', () => {
    expect(set(written, 'Orchestrator.Auth.Token', undefined)).toBe(written.replace(/orchestrator:[^]*June\n/, ''))
    expect(parseConfigText(set('API:\n  Port: 1\n', 'API.Port', undefined)).values).toEqual([])
  })

  it('knows dotted keys', () => {
    expect(set('API.Port: 1\n', 'API.Port', 2)).toBe('API.Port: 2\n')
  })

  it('writes texts that look like numbers so that every reader takes them for texts', () => {
    expect(set('', 'Orchestrator.Auth.Token', '0123')).toContain('"0123"')
    expect(set('', 'Orchestrator.Auth.Token', '1_000')).toContain('"1_000"')
    expect(set('', 'API.Host', '127.0.0.1')).toContain('Host: 127.0.0.1')
  })

  it('refuses to change what an alias stands for', () => {
    expect(() => set('x: &x {Port: 1}\nAPI: *x\n', 'API.Port', 2)).toThrow('alias')
  })

  it('refuses a text that it cannot read, with the place', () => {
    expect(() => set('API: [\n', 'API.Port', 2)).toThrow(/line 2, column 1/)
    expect(() => set('just words\n', 'API.Port', 2)).toThrow(/line 1/)
  })

  it('repairs a wrong value of the key that is set', () => {
    expect(set('API:\n  Port: many\n', 'API.Port', 2)).toBe('API:\n  Port: 2\n')
  })

  it('is read back as it was meant, whatever the text', () => {
    const text = fc.string().filter((value) => value === value.trim())
    fc.assert(
      fc.property(fc.constantFrom(...configKeys.filter((key) => key.kind === 'text')), text, fc.constantFrom('', written), (key, value, before) => {
        const found = parseConfigText(editConfigText(before, [{ key, value }])).values.find((entry) => entry.key === key)
        expect(found?.value).toBe(value)
      }),
    )
  })

  it('keeps every other value', () => {
    const value = fc.constantFrom<[string, string]>(
      ['API.Port', '1'],
      ['Labels', 'a=b'],
      ['Compute.Orchestrators', 'x,y'],
      ['Orchestrator.Enabled', 'true'],
      ['DataDir', '/x'],
    )
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (changes) => {
        const expected = new Map(parseConfigText(written).values.map((entry) => [entry.key.name, entry.value]))
        let text = written
        for (const [name, raw] of changes) {
          const parsed = parseValue(findKey(name), raw)
          expected.set(name, parsed)
          text = set(text, name, parsed)
        }
        expect(new Map(parseConfigText(text).values.map((entry) => [entry.key.name, entry.value]))).toEqual(expected)
        expect(text).toContain('# not a key of this version')
        expect(text).toContain('    - b: 1')
      }),
    )
  })
})
