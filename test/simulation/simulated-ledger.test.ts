import { describe, expect, it } from 'vitest'
import { describeLedger, replayed } from '../electron/ledger/ledger-conformance'
import { seededRandom } from './seeded-random'
import { SimulatedDisk } from './simulated-disk'
import { SimulatedLevelLedger, SimulatedStreamLedger } from './simulated-ledger'

const newDisk = (): SimulatedDisk => new SimulatedDisk({ latencyMs: () => 0 })

for (const [name, Kind] of [
  ['the stream of the simulation', SimulatedStreamLedger],
  ['the database of the simulation', SimulatedLevelLedger],
] as const) {
  describeLedger(name, () => {
    const disk = newDisk()
    return Promise.resolve({ open: () => Promise.resolve(new Kind(disk)), remove: () => Promise.resolve() })
  })
}

describe('a disk of the simulation', () => {
  it('keeps what was acknowledged over a crash; what was under way is there whole or not at all', async () => {
    const found = new Set<number>()
    for (let seed = 1; seed <= 20; seed += 1) {
      const disk = new SimulatedDisk({ latencyMs: () => 1 })
      const before = new SimulatedStreamLedger(disk)
      await before.append('acknowledged')
      for (const record of ['under way', 'with it']) before.append(record).catch(() => undefined) // Its writer is dead.
      await Promise.resolve()
      await Promise.resolve()
      disk.crash(seededRandom(seed), 'kill')
      const after = await replayed(new SimulatedStreamLedger(disk))
      expect(after[0]).toEqual({ record: 'acknowledged', sequence: 1 })
      found.add(after.length)
    }
    expect([...found].sort()).toEqual([1, 3])
  })

  it('may forget notes when the power fails, never what was acknowledged', async () => {
    const found = new Set<number>()
    for (let seed = 1; seed <= 20; seed += 1) {
      const disk = newDisk()
      const before = new SimulatedLevelLedger(disk)
      before.note('carried along')
      await before.append('acknowledged')
      before.note('noted')
      await before.close()
      disk.crash(seededRandom(seed), 'power')
      found.add((await replayed(new SimulatedLevelLedger(disk))).length)
    }
    expect([...found].sort()).toEqual([2, 3])
  })
})
