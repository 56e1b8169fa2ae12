import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../../../../electron/orchestrator/archive/checkpoint'
import type { Checkpoint } from '../../../../electron/orchestrator/archive/checkpoint'
import { keptJob } from '../../../fixtures/orchestrator/kept-jobs'
import { smallDisk, whyNoSmallDisk } from '../../../fixtures/small-disk'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const checkpoint = (jobs: number): Checkpoint => ({
  position: { streamSequence: jobs + 1, sequence: jobs + 2 },
  nodes: [],
  archive: { index: 0, generation: 3, segments: { '1': 5 } },
  jobs: Array.from({ length: jobs }, (_, n) => ({ versions: [keptJob(n)], executions: [], history: [], lastSeq: 0 })),
  evaluations: [],
  deadLetters: [],
  messages: [['e-1', { ask: 4096 }]],
})

it('is read as it was written, and there is none at first', async () => {
  expect(readCheckpoint(folder)).toBeUndefined()
  await writeCheckpoint(folder, checkpoint(3))
  await writeCheckpoint(folder, checkpoint(2))
  expect(readCheckpoint(folder)).toMatchObject(checkpoint(2))
  expect(readdirSync(folder)).toEqual(['checkpoint.json'])
})

it.each(['', '{"v":1', '{"v":2}', '{"v":1,"position":{}}', 'null'])('refuses one that is damaged or of another version: %j', (text) => {
  writeFileSync(join(folder, 'checkpoint.json'), text)
  expect(() => readCheckpoint(folder)).toThrow(expect.objectContaining({ code: 'checkpoint.broken' }) as Error)
})

it('does not look at what a death in the middle of writing has left', async () => {
  await writeCheckpoint(folder, checkpoint(1))
  writeFileSync(join(folder, 'checkpoint.json.new'), '{"v":1,"pos')
  expect(readCheckpoint(folder)).toMatchObject(checkpoint(1))
  await writeCheckpoint(folder, checkpoint(2))
  expect(readCheckpoint(folder)).toMatchObject(checkpoint(2))
})

it('does not count when what it tells of is not the state any more by the time it is written', async () => {
  await writeCheckpoint(folder, checkpoint(1))
  await expect(writeCheckpoint(folder, checkpoint(2), () => false)).rejects.toMatchObject({ code: 'checkpoint.outdated' })
  expect(readCheckpoint(folder)).toMatchObject(checkpoint(1))
  expect(readdirSync(folder)).toEqual(['checkpoint.json'])
})

it('lets others have their turn while one of very many jobs is written', async () => {
  const jobs = Array.from({ length: 20_000 }, (_, n) => ({ versions: [keptJob(n)], executions: [], history: [], lastSeq: 0 }))
  let longest = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const began = performance.now()
  await writeCheckpoint(folder, { ...checkpoint(0), jobs })
  const whole = performance.now() - began
  clearInterval(beat)
  expect(longest).toBeLessThan(whole / 2)
  expect(readCheckpoint(folder)?.jobs).toHaveLength(20_000)
})

it.skipIf(whyNoSmallDisk() !== undefined)(
  'stays the one before, whole, when the disk has no room for the next one, and takes up no room for a part of it',
  async () => {
    const disk = smallDisk(4)
    try {
      await writeCheckpoint(disk.folder, checkpoint(5))
      disk.fill(200_000)
      await expect(writeCheckpoint(disk.folder, checkpoint(2000))).rejects.toThrow(/ENOSPC/)
      expect(readCheckpoint(disk.folder)).toMatchObject(checkpoint(5))
      expect(readdirSync(disk.folder).filter((name) => name.includes('new'))).toEqual([])
      disk.makeRoom()
      await writeCheckpoint(disk.folder, checkpoint(2000))
      expect(readCheckpoint(disk.folder)?.jobs).toHaveLength(2000)
    } finally {
      disk.remove()
    }
  },
)
