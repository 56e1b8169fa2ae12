import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRestart, patientRestarts } from '../../../electron/process/restart-policy'

const policy = { firstDelayMs: 100, maxDelayMs: 30_000, healthyAfterMs: 60_000, maxAttempts: 3 }

describe('decideRestart', () => {
  it('doubles the ceiling of the delay with each death in a row', () => {
    const delays = [0, 1, 2].map((attempts) => decideRestart(policy, { attempts, readyMs: 10 }, 0.999_999))
    expect(delays).toEqual([
      { kind: 'restart', attempts: 1, delayMs: 100 },
      { kind: 'restart', attempts: 2, delayMs: 200 },
      { kind: 'restart', attempts: 3, delayMs: 400 },
    ])
  })

  it('gives up when the attempts are spent', () => {
    expect(decideRestart(policy, { attempts: 3, readyMs: 10 }, 0.5)).toEqual({ kind: 'give-up', attempts: 3 })
  })

  it('gives the attempts back to a process that was healthy long enough', () => {
    expect(decideRestart(policy, { attempts: 3, readyMs: 60_000 }, 0.5)).toEqual({ kind: 'restart', attempts: 1, delayMs: 50 })
  })

  it('never waits longer than the longest delay, nor less than nothing', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempts, readyMs, random) => {
        const decision = decideRestart({ ...patientRestarts, maxAttempts: 2000 }, { attempts, readyMs }, random)
        expect(decision.kind === 'restart' && decision.delayMs >= 0 && decision.delayMs <= 30_000).toBe(true)
      }),
    )
  })

  it('starts a program that always dies at most 12 times', () => {
    let attempts = 0
    let starts = 1
    for (;;) {
      const decision = decideRestart(patientRestarts, { attempts, readyMs: 0 }, 0)
      if (decision.kind === 'give-up') break
      attempts = decision.attempts
      starts += 1
    }
    expect(starts).toBeLessThanOrEqual(12)
  })
})
