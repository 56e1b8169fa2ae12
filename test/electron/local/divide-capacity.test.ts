import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Capacity, divide, remaining } from '../../../electron/local/divide-capacity'

const machine: Capacity = { CPU: 1.6, Memory: 20_000_000_000, Disk: 100_000_000_000 }

describe('shares of one machine', () => {
  it('give a first node half, and each later one half of what is left', () => {
    expect(divide(machine, [], 1)).toEqual({ kind: 'divided', each: { CPU: 0.8, Memory: 10e9, Disk: 50e9 } })
    expect(divide(machine, [{ CPU: 0.8, Memory: 10e9, Disk: 50e9 }], 1)).toEqual({ kind: 'divided', each: { CPU: 0.4, Memory: 5e9, Disk: 25e9 } })
  })

  it('give several new nodes the same', () => {
    expect(divide(machine, [], 3)).toEqual({ kind: 'divided', each: { CPU: 0.4, Memory: 5e9, Disk: 25e9 } })
  })

  it('say how many nodes would fit when it is too little', () => {
    expect(divide({ CPU: 0.3, Memory: 1e9, Disk: 1e9 }, [], 10)).toEqual({ kind: 'too-little', left: { CPU: 0.3, Memory: 1e9, Disk: 1e9 }, fit: 5 })
    expect(divide(machine, [machine], 1)).toMatchObject({ kind: 'too-little', fit: 0 })
  })

  it('leave nothing, not less, where nodes were given more than there is', () => {
    expect(remaining({ CPU: 1, Memory: 10, Disk: 10 }, [{ CPU: 4, Memory: 100, Disk: 100 }])).toEqual({ CPU: 0, Memory: 0, Disk: 0 })
  })

  it('never exceed the allocation together, whatever is added in whatever order', () => {
    const size = fc.record({
      CPU: fc.integer({ min: 1, max: 256_000 }).map((n) => n / 1000),
      Memory: fc.integer({ min: 0, max: 2 ** 41 }),
      Disk: fc.integer({ min: 0, max: 2 ** 45 }),
    })
    fc.assert(
      fc.property(size, fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 12 }), (whole, additions) => {
        const given: Capacity[] = []
        for (const count of additions) {
          const division = divide(whole, given, count)
          if (division.kind === 'too-little') {
            if (division.fit > 0) expect(divide(whole, given, division.fit).kind).toBe('divided')
            continue
          }
          expect(division.each.CPU).toBeGreaterThan(0)
          for (let n = 0; n < count; n += 1) given.push(division.each)
        }
        const sum = (key: keyof Capacity) => given.reduce((total, share) => total + share[key], 0)
        expect(Math.round(sum('CPU') * 1000)).toBeLessThanOrEqual(Math.round(whole.CPU * 1000))
        expect(sum('Memory')).toBeLessThanOrEqual(whole.Memory)
        expect(sum('Disk')).toBeLessThanOrEqual(whole.Disk)
      }),
    )
  })
})
