import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { watchAnswers } from '../../../electron/nats/watch-answers'
import type { Clock } from '../../../electron/process/clock'
import { eventually } from '../../fixtures/eventually'

/** Time that passes only as the watch sleeps; `late` is by how much which of its sleeps ends too late. */
class StepClock implements Clock {
  time = 0
  steps = 0
  constructor(private readonly late: Readonly<Record<number, number>>) {}
  now = (): number => this.time
  monotonicMs = (): number => this.time
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await sleep(1)
    if (signal?.aborted === true) return
    this.steps += 1
    this.time += ms + (this.late[this.steps] ?? 0)
  }
}

const ending: AbortController[] = []
afterEach(() => ending.splice(0).forEach((controller) => controller.abort()))

function watched(ask: () => Promise<unknown>, late: Readonly<Record<number, number>> = {}) {
  const clock = new StepClock(late)
  const silences: number[] = []
  const toldAt: number[] = []
  const controller = new AbortController()
  ending.push(controller)
  const onSilent = (ms: number): void => {
    silences.push(ms)
    toldAt.push(clock.steps)
  }
  void watchAnswers({ ask, clock, patienceMs: 3000, everyMs: 500, onSilent, signal: controller.signal })
  return { clock, silences, toldAt }
}
const never = (): Promise<never> => new Promise<never>(() => undefined)

describe('watchAnswers', () => {
  it('tells of a server that does not answer, as soon as patience is over', async () => {
    const { silences } = watched(never)
    await eventually('a silence is told', () => silences.length > 0)
    expect(silences[0]).toBe(3000)
  })

  it('goes on asking: a server that stays silent is told again', async () => {
    const { silences } = watched(never)
    await eventually('a second silence is told', () => silences.length > 1)
    expect(silences.slice(0, 2)).toEqual([3000, 3000])
  })

  it('says nothing while it answers, nor while it cannot be asked', async () => {
    let asked = 0
    const { clock, silences } = watched(() => ((asked += 1) % 2 === 0 ? Promise.resolve(1) : Promise.reject(new Error('no connection'))))
    await eventually('time has passed', () => clock.steps > 30)
    expect(silences).toEqual([])
    expect(asked).toBeGreaterThan(20)
  })

  it('does not blame the server for time that this process slept', async () => {
    const { clock, silences, toldAt } = watched(never, { 4: 3_600_000 })
    await eventually('a silence is told', () => silences.length > 0)
    expect(clock.time).toBeGreaterThan(3_600_000)
    expect([silences[0], toldAt[0]]).toEqual([3000, 4 + 6])
  })
})
