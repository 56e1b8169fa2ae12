import { describe, expect, it } from 'vitest'
import { judged, percentile, ratioOf, table } from '../../../scripts/bench/results.mjs'

describe('judged', () => {
  const figure = { name: 'start', unit: 'ms', value: 150, peer: { name: 'node -e 0', value: 60 } }

  it('holds a figure, or its ratio to a peer, against the most that is allowed', () => {
    expect(judged({ ...figure, limit: { of: 'ratio', most: 3 } }).met).toBe(true)
    expect(judged({ ...figure, limit: { of: 'ratio', most: 2 } }).met).toBe(false)
    expect(judged({ ...figure, limit: { of: 'value', most: 150 } }).met).toBe(true)
    expect(judged(figure).met).toBeUndefined()
  })

  it('takes a ratio without a peer for missed, not for held', () => {
    expect(judged({ name: 'start', unit: 'ms', value: 1, limit: { of: 'ratio', most: 3 } }).met).toBe(false)
    expect(ratioOf({ value: 1, peer: { name: 'none', value: 0 } })).toBeUndefined()
  })
})

describe('percentile', () => {
  it('is a sample, by nearest rank', () => {
    expect([0, 0.5, 0.95, 1].map((share) => percentile([30, 10, 20, 40], share))).toEqual([10, 20, 40, 40])
    expect(() => percentile([], 0.5)).toThrow('no samples')
  })
})

describe('table', () => {
  it('shows value, peer, ratio and limit in columns', () => {
    const text = table([
      judged({ name: 'start', unit: 'ms', value: 150.44, peer: { name: 'node -e 0', value: 60 }, limit: { of: 'ratio', most: 3 } }),
      judged({ name: 'list', unit: 'ms', value: 21.3, limit: { of: 'value', most: 20 } }),
    ])
    expect(text.split('\n')).toEqual([
      '| what  | Shoal   | peer              | ratio | limit   |        |',
      '|-------|---------|-------------------|-------|---------|--------|',
      '| start | 150 ms  | 60 ms (node -e 0) | 2.51× | ≤ 3×    | ok     |',
      '| list  | 21.3 ms |                   |       | ≤ 20 ms | MISSED |',
    ])
  })
})
