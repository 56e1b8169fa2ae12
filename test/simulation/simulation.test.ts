import { expect, it } from 'vitest'
import { runSeed } from './run-seed'

/** How many runs, and from which seed on; more than usual for a soak. */
const count = Number(process.env['SHOAL_SIMULATION_SEEDS'] ?? 1000)
const from = Number(process.env['SHOAL_SIMULATION_FROM'] ?? 1)

it(
  `${String(count)} runs of orchestrator and nodes from seed ${String(from)} on keep every promise, whatever goes wrong`,
  async () => {
    for (let seed = from; seed < from + count; seed += 1) {
      const { faults, tail } = await runSeed(seed)
      if (faults.length === 0) continue
      expect.fail(
        [
          `Seed ${String(seed)}:`,
          ...faults.slice(0, 20).map((fault) => `  ${fault}`),
          'What happened last:',
          ...tail.map((line) => `  ${line}`),
          `Repeat it: SHOAL_SIMULATION_FROM=${String(seed)} SHOAL_SIMULATION_SEEDS=1 npx vitest run test/simulation/simulation.test.ts`,
        ].join('\n'),
      )
    }
  },
  Math.max(240_000, count * 500),
)

it('the same seed does the same, to the last line', async () => {
  for (const seed of [1, 2, 3, 5, 8, 13]) {
    const [first, second] = [await runSeed(seed, { whole: true }), await runSeed(seed, { whole: true })]
    expect(second.fingerprint).toBe(first.fingerprint)
    expect(second.events).toBe(first.events)
  }
})
