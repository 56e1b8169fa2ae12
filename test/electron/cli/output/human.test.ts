import { describe, expect, it } from 'vitest'
import { humanBytes, shortId } from '../../../../electron/cli/output/human'

describe('humanBytes', () => {
  it.each([
    [0, '0 B'],
    [9, '9 B'],
    [10, '10 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1_073_741_824, '1.1 GB'],
    [10_737_418_240, '11 GB'],
    [20_221_208_166, '20 GB'],
    [201_359_835_136, '201 GB'],
    [512_000_000, '512 MB'],
  ])('%d → %s', (bytes, text) => {
    expect(humanBytes(bytes)).toBe(text)
  })
})

describe('shortId', () => {
  it('shortens made ids only', () => {
    expect(shortId('n-445041d0-d2cd-4632-8dea-bd707f0d95f5')).toBe('n-445041d0')
    expect(shortId('n-my-own-node')).toBe('n-my-own-node')
    expect(shortId('interop-node-number-one')).toBe('interop-node-number-one')
  })
})
