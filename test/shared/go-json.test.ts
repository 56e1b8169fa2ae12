import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { matchKeys } from '../../shared/go-json'

const schema = z.looseObject({
  Name: z.string().default(''),
  stderr: z.string().optional(),
  Labels: z.record(z.string(), z.looseObject({ Value: z.number() })).nullish(),
  Items: z.array(z.looseObject({ ID: z.string() }).nullable()).default([]),
  Kind: z.string().transform((text) => text.length),
  Inner: z.looseObject({ Deep: z.boolean().optional() }).nullish(),
})

describe('matchKeys', () => {
  it('finds keys in any case, at any depth', () => {
    expect(
      matchKeys(schema, { NAME: 'a', Stderr: 'b', labels: { 'Kept-As-Is': { value: 1 } }, items: [{ id: 'x' }, null], inner: { DEEP: true } }),
    ).toEqual({
      Name: 'a',
      stderr: 'b',
      Labels: { 'Kept-As-Is': { Value: 1 } },
      Items: [{ ID: 'x' }, null],
      Inner: { Deep: true },
    })
  })

  it('prefers the exact key', () => {
    expect(matchKeys(schema, { name: 'wrong', Name: 'right', NAME: 'wrong' })).toEqual({ Name: 'right' })
  })

  it('keeps unknown keys and drops null where none is taken', () => {
    expect(matchKeys(schema, { Other: null, Name: null, Labels: null, Items: null, Kind: null })).toEqual({ Other: null, Labels: null })
  })

  it('leaves exact keys and everything unknown as they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(matchKeys(z.unknown(), value)).toBe(value)
        expect(matchKeys(z.looseObject({}), value)).toEqual(value)
      }),
    )
  })

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => (matchKeys(schema, value), true)))
    expect(matchKeys(schema, JSON.parse('{"__proto__":{"name":"x"},"constructor":1}'))).toEqual(
      JSON.parse('{"__proto__":{"name":"x"},"constructor":1}'),
    )
  })
})
