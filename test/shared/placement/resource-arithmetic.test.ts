import { describe, expect, it } from 'vitest'
import { amountsOf, difference, fitsInto, multiple, printAmounts, printBytes } from '../../../shared/placement/resource-arithmetic'

describe('amounts', () => {
  it.each([
    [0, '0 B'],
    [9, '9 B'],
    [82, '82 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [512_000_000, '512 MB'],
    [1_073_741_824, '1.1 GB'],
    [20_221_208_166, '20 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(printBytes(bytes)).toBe(text))

  it('are printed as recorded', () => {
    expect(printAmounts(amountsOf({ CPU: 1.1, Memory: 20.2e9, Disk: 201e9 }))).toBe('{CPU: 1.10, Memory: 20 GB, Disk: 201 GB, GPU: 0}')
  })

  it('never go below nothing, and are cut off to whole bytes and GPUs', () => {
    expect(difference(amountsOf({ CPU: 1 }), amountsOf({ CPU: 2, GPU: 1 }))).toEqual(amountsOf({}))
    expect(multiple(amountsOf({ CPU: 1, Memory: 3, GPU: 1 }), 1.5)).toEqual(amountsOf({ CPU: 1.5, Memory: 4, GPU: 1 }))
  })

  it('fit when no axis is exceeded, rounding aside', () => {
    expect(fitsInto(amountsOf({ CPU: 0.1 + 0.2 }), amountsOf({ CPU: 0.3 }))).toBe(true)
    expect(fitsInto(amountsOf({ CPU: 1, Memory: 2 }), amountsOf({ CPU: 2, Memory: 1 }))).toBe(false)
  })
})
