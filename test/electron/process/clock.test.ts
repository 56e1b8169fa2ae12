import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/process/clock'

describe('systemClock', () => {
  it('sleeps as long as asked', async () => {
    const began = systemClock.monotonicMs()
    await systemClock.sleep(20)
    expect(systemClock.monotonicMs() - began).toBeGreaterThanOrEqual(19)
  })

  it('wakes at once when it is told to, before or while it sleeps', async () => {
    const waking = new AbortController()
    const began = systemClock.monotonicMs()
    const sleeping = systemClock.sleep(60_000, waking.signal)
    waking.abort()
    await sleeping
    await systemClock.sleep(60_000, waking.signal)
    expect(systemClock.monotonicMs() - began).toBeLessThan(5000)
  })
})
