import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { batchLength, batchOverhead, decodeBatch, encodeBatch } from '../../../electron/ledger/batch'

describe('a batch', () => {
  it('comes back as it was, and is hardly larger than its records', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.integer({ min: 1 }), fc.uuid(), (records, first, writer) => {
        const texts = records.map((record) => JSON.stringify(record))
        const data = encodeBatch(writer, first, texts)
        expect(decodeBatch(data)).toEqual({ first, records: JSON.parse(`[${texts.join()}]`) as unknown })
        const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0)
        expect(data.length - bytes).toBeLessThanOrEqual(batchOverhead)
      }),
    )
  })

  it('of any other bytes is refused with an AppError', () => {
    const almost = fc
      .record({ v: fc.jsonValue(), first: fc.jsonValue(), records: fc.jsonValue() }, { requiredKeys: [] })
      .map((value) => JSON.stringify(value))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), almost), (text) => {
        try {
          const { first, records } = decodeBatch(new TextEncoder().encode(text))
          expect(first).toBeGreaterThan(0)
          expect(records.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('batchLength', () => {
  it('takes what fits, and at least one', () => {
    expect(batchLength([], 100, 10)).toBe(0)
    expect(batchLength([500, 1], 100, 10)).toBe(1)
    expect(batchLength([49, 49, 49], 100, 10)).toBe(2)
    expect(batchLength([1, 1, 1, 1], 100, 3)).toBe(3)
    expect(batchLength([1, 1], 100, 10)).toBe(2)
  })
})
