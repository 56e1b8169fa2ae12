import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configKeys, findKey } from '../../../shared/config/keys'
import { coerceValue, formatValue, parseValue } from '../../../shared/config/values'
import { configSchema } from '../../../shared/config/zod-schema'
import { AppError } from '../../../shared/errors'

describe('parseValue', () => {
  it.each([
    ['API.Port', '1234', 1234],
    ['API.Port', '0', 0],
    ['Orchestrator.Enabled', 'true', true],
    ['Orchestrator.Enabled', 'F', false],
    ['Orchestrator.NodeManager.DisconnectTimeout', '90s', '1m30s'],
    ['Compute.Orchestrators', 'a:4222, b:4222', ['a:4222', 'b:4222']],
    ['Compute.Orchestrators', 'a', ['a']],
    ['Labels', 'zone=a,tier=gold', { zone: 'a', tier: 'gold' }],
    ['Orchestrator.Auth.Token', 'secret=with=equals', 'secret=with=equals'],
    ['JobAdmissionControl.Locality', 'Local', 'local'],
    ['JobAdmissionControl.Locality', '1', 'anywhere'],
    ['Logging.Level', 'DEBUG', 'debug'],
  ])('%s=%s', (name, text, value) => {
    expect(parseValue(findKey(name), text)).toEqual(value)
  })

  it.each([
    ['API.Port', 'many', 'whole number'],
    ['API.Port', '65536', 'from 0 to 65535'],
    ['API.Port', '-1', 'from 0 to 65535'],
    ['API.Port', '12.5', 'whole number'],
    ['Orchestrator.Enabled', 'maybe', 'true or false'],
    ['Orchestrator.NodeManager.DisconnectTimeout', 'soon', '2h45m'],
    ['Orchestrator.NodeManager.DisconnectTimeout', '-1s', '2h45m'],
    ['Compute.Orchestrators', 'a;b', 'a,b,c'],
    ['Compute.Orchestrators', 'a,,b', 'a,b,c'],
    ['Labels', 'zone', 'key=value'],
    ['Labels', 'zone=a=b', 'key=value'],
    ['Labels', '=b', 'key=value'],
    ['JobAdmissionControl.Locality', '7', 'local, anywhere'],
    ['API.Auth.Users', 'x', 'a list of records'],
  ])('refuses %s=%s, naming key, form and value', (name, text, form) => {
    expect(() => parseValue(findKey(name), text)).toThrow(form)
    expect(() => parseValue(findKey(name), text)).toThrow(name)
    expect(() => parseValue(findKey(name), text)).toThrow(AppError)
  })

  it('splits lists from the environment not at all', () => {
    expect(parseValue(findKey('Compute.Orchestrators'), 'a,b', 'environment')).toEqual(['a,b'])
  })

  it('refuses a number of nanoseconds that no Go duration can hold', () => {
    const key = findKey('Orchestrator.EvaluationBroker.VisibilityTimeout')
    expect(coerceValue(key, 60e9)).toBe('1m0s')
    expect(() => coerceValue(key, 9223372036854778000)).toThrow(AppError)
  })

  it('gives a value that the schema takes, or an AppError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...configKeys),
        fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('true', '1h', 'a=b,c=d', 'a,b')),
        (key, text) => {
          try {
            expect(configSchema().safeParse(treeWith(key.path, parseValue(key, text))).success).toBe(true)
          } catch (error) {
            if (!(error instanceof AppError)) throw error
          }
        },
      ),
    )
  })
})

describe('coerceValue', () => {
  it.each([
    ['API.Port', '4321', 4321],
    ['API.Host', 10, '10'],
    ['Compute.Orchestrators', 'a:1', ['a:1']],
    ['Compute.Orchestrators', ['a:1', 2], ['a:1', '2']],
    ['Labels', { zone: 1, on: true }, { zone: '1', on: 'true' }],
    ['Orchestrator.NodeManager.DisconnectTimeout', 90_000_000_000, '1m30s'],
    ['Orchestrator.Enabled', 'true', true],
    ['API.Auth.Methods', { ClientKey: { Type: 'challenge' } }, { ClientKey: { Type: 'challenge' } }],
  ])('%s: %j', (name, raw, value) => {
    expect(coerceValue(findKey(name), raw)).toEqual(value)
  })

  it('treats null as not set', () => {
    expect(coerceValue(findKey('API.Port'), null)).toBeUndefined()
  })

  it('refuses a number of nanoseconds that no Go duration can hold', () => {
    const key = findKey('Orchestrator.EvaluationBroker.VisibilityTimeout')
    expect(coerceValue(key, 60e9)).toBe('1m0s')
    expect(() => coerceValue(key, 9223372036854778000)).toThrow(AppError)
  })

  it('gives a value that the schema takes, or an AppError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...configKeys), fc.oneof(fc.jsonValue(), fc.string(), fc.integer()), (key, raw) => {
        try {
          const value = coerceValue(key, raw)
          if (value !== undefined) expect(configSchema().safeParse(treeWith(key.path, value)).success).toBe(true)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
        }
      }),
    )
  })
})

describe('formatValue', () => {
  it('can be given back as a flag', () => {
    for (const key of configKeys) {
      const shown = formatValue(key.default)
      if (key.kind === 'structure' || shown === '') continue
      expect(parseValue(key, shown), key.name).toEqual(key.default)
    }
  })
})

function treeWith(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value)
}
