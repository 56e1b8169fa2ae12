import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awakeAt, startAwakeClock, tick } from '../../../../electron/orchestrator/presence/awake-clock'
import { healthTimes, isSilent } from '../../../../electron/orchestrator/presence/health'
import type { Presence } from '../../../../electron/orchestrator/presence/presence'

const heartbeatMs = 15_000
const times = healthTimes(60_000)

/** One node and the orchestrator that watches it, on a virtual clock. */
class World {
  monotonic = 1000
  clock = startAwakeClock(this.monotonic)
  lastBeatAt = this.monotonic
  presence: Presence = this.connected()
  lost: number | undefined

  connected(): Presence {
    const beatAt = awakeAt(this.clock, this.monotonic, times.longestGap)
    this.lastBeatAt = this.monotonic
    return {
      kind: 'connected',
      session: { connectedSince: 0, lastHeartbeatAt: 0, beatAt, handshakeAt: 0, available: {}, queued: {}, running: 0, enqueued: 0 },
    }
  }

  /** Lets time pass with a look at the node every `scanEvery`; the node beats unless it is silent. */
  run(ms: number, node: 'beats' | 'silent'): void {
    const end = this.monotonic + ms
    while (this.monotonic < end) {
      this.monotonic = Math.min(end, this.monotonic + times.scanEvery)
      if (node === 'beats' && this.monotonic - this.lastBeatAt >= heartbeatMs) this.presence = this.connected()
      this.clock = tick(this.clock, this.monotonic, times.longestGap)
      if (this.lost === undefined && isSilent(this.presence, this.clock.awake, times)) this.lost = this.monotonic
    }
  }

  /** The orchestrator does not run while time passes; what the node sent meanwhile lies unread until after the next look. */
  freeze(ms: number): void {
    this.monotonic += ms
    this.clock = tick(this.clock, this.monotonic, times.longestGap)
    if (this.lost === undefined && isSilent(this.presence, this.clock.awake, times)) this.lost = this.monotonic
  }
}

describe('health by heartbeats', () => {
  it('a node that falls silent is lost after the timeout, and one look later at most', () => {
    fc.assert(
      fc.property(fc.nat(600_000), (alive) => {
        const world = new World()
        world.run(alive, 'beats')
        const silentSince = world.lastBeatAt
        world.run(120_000, 'silent')
        expect(world.lost).toBeGreaterThan(silentSince + times.timeout)
        expect(world.lost).toBeLessThanOrEqual(silentSince + times.timeout + 2 * times.scanEvery)
      }),
    )
  })

  it('a node that beats is never lost, however often and long the orchestrator itself is frozen or the machine asleep', () => {
    const steps = fc.array(
      fc.oneof(fc.record({ run: fc.integer({ min: 15_000, max: 300_000 }) }), fc.record({ freeze: fc.integer({ min: 0, max: 86_400_000 }) })),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World()
        let frozenInARow = 0
        for (const step of all) {
          if ('run' in step) {
            world.run(step.run, 'beats')
            frozenInARow = 0
          } else if (frozenInARow < 5) {
            world.freeze(step.freeze)
            frozenInARow += 1
          }
        }
        expect(world.lost).toBeUndefined()
      }),
    )
  })

  it('sleep only defers the loss of a silent node', () => {
    const world = new World()
    world.run(30_000, 'silent')
    world.freeze(3_600_000)
    expect(world.lost).toBeUndefined()
    world.run(60_000, 'silent')
    expect(world.lost).toBeDefined()
  })

  it('looks within a twelfth of the timeout, at sensible intervals', () => {
    expect(healthTimes(60_000).scanEvery).toBe(5000)
    expect(healthTimes(1200).scanEvery).toBe(100)
    expect(healthTimes(0).scanEvery).toBe(50)
    expect(healthTimes(3_600_000).scanEvery).toBe(5000)
  })

  it('a clock that goes backwards counts nothing', () => {
    expect(tick({ lastTick: 100, awake: 7 }, 50, 10)).toEqual({ lastTick: 100, awake: 7 })
  })
})
