import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBytes, formatCpu, isAllocation, normaliseQuantity, parseBytes, parseCpu, parseGpus, parseShare } from '../../shared/quantity'

describe('CPU', () => {
  it.each([
    ['500m', 0.5],
    ['0.5', 0.5],
    ['2', 2],
    ['.25', 0.25],
    ['1e1', 10],
    ['+1', 1],
    ['0', 0],
    ['1.0009', 1],
    ['1500m', 1.5],
  ])('%s is %d cores', (text, cores) => expect(parseCpu(text)).toBe(cores))

  it.each(['', ' ', 'm', '-1', '-500m', '1.5m', '2 cores', '0x10', 'inf', 'NaN', '1_000', '500M'])('%j is not understood', (text) =>
    expect(parseCpu(text)).toBeUndefined(),
  )

  it('comes back from its text, to a thousandth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (thousandths) => {
        expect(parseCpu(formatCpu(thousandths / 1000))).toBe(thousandths / 1000)
      }),
    )
  })
})

describe('memory and disk', () => {
  it.each([
    ['512Mb', 512_000_000],
    ['512mi', 512 * 1024 ** 2],
    ['512MiB', 512 * 1024 ** 2],
    ['1.5 GiB', 1.5 * 1024 ** 3],
    ['1Gb', 1_000_000_000],
    ['2G', 2_000_000_000],
    ['42', 42],
    ['42 B', 42],
    ['1,000', 1000],
    ['900Tb', 900e12],
    ['.5k', 500],
  ])('%s is %d bytes', (text, bytes) => expect(parseBytes(text)).toBe(bytes))

  it.each(['', 'gb', '-1gb', '1.2.3', '1e3', '10 xb', '20EB', '80%', 'five'])('%j is not understood', (text) =>
    expect(parseBytes(text)).toBeUndefined(),
  )

  it('are normalised as those of a job are', () => expect(normaliseQuantity(' 512 Mb\n')).toBe('512mb'))

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [999_999, '1 MB'],
    [20_221_208_166, '20.2 GB'],
    [202_297_298_124, '202 GB'],
  ])('%d bytes are shown as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it('shown for people is within five per cent of the truth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
        const shown = parseBytes(formatBytes(bytes)) ?? 0
        expect(Math.abs(shown - bytes) / bytes).toBeLessThanOrEqual(0.05)
      }),
    )
  })
})

describe('shares and GPUs', () => {
  it('are percentages of 0 to 100', () => {
    expect([
      parseShare('80%'),
      parseShare('0%'),
      parseShare('12.5%'),
      parseShare('101%'),
      parseShare('-1%'),
      parseShare('80'),
      parseShare('%'),
    ]).toEqual([0.8, 0, 0.125, undefined, undefined, undefined, undefined])
  })

  it('are whole numbers', () =>
    expect([parseGpus('2'), parseGpus('1.5'), parseGpus('-1'), parseGpus('')]).toEqual([2, undefined, undefined, undefined]))

  it('stand in Compute.AllocatedCapacity in either form', () => {
    expect(
      isAllocation('CPU', '80%') &&
        isAllocation('CPU', '1500m') &&
        isAllocation('Memory', '1Gb') &&
        isAllocation('GPU', '100%') &&
        isAllocation('Disk', ''),
    ).toBe(true)
    expect(isAllocation('CPU', '1Gb') || isAllocation('Memory', '120%') || isAllocation('GPU', '0.5')).toBe(false)
  })
})

it('no text makes a parser throw, and what it answers can travel as JSON', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.,]{0,30} ?[kmgtpeib]{0,3}$/)), (text) => {
      for (const parse of [parseCpu, parseBytes, parseGpus, parseShare]) {
        const value = parse(text)
        if (value !== undefined) expect(JSON.stringify(value)).toMatch(/^\d+(\.\d+)?$/)
      }
    }),
  )
})
