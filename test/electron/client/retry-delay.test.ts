import { describe, expect, it } from 'vitest'
import { retryDelay } from '../../../electron/client/retry-delay'

describe('retryDelay', () => {
  it('grows, up to five seconds, and is never none', () => {
    const waits = [1, 2, 3, 4, 5, 6, 20, 1000].map((failures) => retryDelay(failures, 1))
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000])
  })

  it('spreads its readers', () => {
    expect(retryDelay(6, 0)).toBe(3750)
  })
})
