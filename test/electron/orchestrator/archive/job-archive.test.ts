import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JobArchive } from '../../../../electron/orchestrator/archive/job-archive'
import type { ArchiveLengths } from '../../../../electron/orchestrator/archive/job-archive'
import { bundle } from '../../../fixtures/bundle'
import { startNatsServer } from '../../../fixtures/nats-server'
import { openKeptJobs } from '../../../fixtures/orchestrator/kept-jobs'
import { smallDisk, whyNoSmallDisk } from '../../../fixtures/small-disk'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const row = (id: string) => ({ id, name: id, namespace: 'default', state: 'Completed', created: 1, modified: 2 }) as const
const entry = (id: string, length = 500) => ({ row: row(id), body: JSON.stringify(id.padEnd(length, '.')) })
const open = (known?: ArchiveLengths): JobArchive => new JobArchive(folder, known, 64 * 1024)
const bytes = (): number => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

/** As a keeper does it: what is counted is `lengths`, once they are stored. */
function settle(archive: JobArchive): ArchiveLengths {
  if (archive.isWasteful) archive.compact(() => undefined)
  archive.sync()
  const { lengths } = archive
  archive.sweep()
  return lengths
}

it('gives room back after jobs were deleted here and there, from bodies and index', () => {
  const archive = open()
  archive.claim()
  const ids = Array.from({ length: 2000 }, (_, n) => `j-${String(n)}`)
  archive.add(ids.map((id) => entry(id)))
  settle(archive)
  const full = bytes()
  const kept = ids.filter((_, n) => n % 10 === 0)
  for (const id of ids) if (!kept.includes(id)) archive.drop(id)
  let lengths = archive.lengths
  for (let round = 0; round < 5; round += 1) lengths = settle(archive)
  expect(bytes()).toBeLessThan(full / 4)
  for (const id of kept) expect(JSON.parse(archive.read(archive.rows.get(id) ?? fail(id)))).toBe(id.padEnd(500, '.'))
  archive.close()
  const again = open(lengths)
  expect([...again.rows.keys()].sort()).toEqual([...kept].sort())
  for (const id of kept) expect(JSON.parse(again.read(again.rows.get(id) ?? fail(id)))).toBe(id.padEnd(500, '.'))
  for (const id of kept) again.drop(id)
  again.claim()
  for (let round = 0; round < 3; round += 1) settle(again)
  expect(bytes()).toBeLessThan(1024 + 400 * kept.length)
  again.close()
})

it('is what the last counted lengths say, whatever was written behind them', () => {
  const step = fc.oneof(
    fc.record({ add: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 10 }) }),
    fc.record({ drop: fc.integer({ min: 0, max: 40 }) }),
    fc.record({ settle: fc.constantFrom('count', 'crash before the checkpoint', 'crash before the sweep') }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      rmSync(folder, { recursive: true, force: true })
      let archive = open()
      archive.claim()
      let counted = archive.lengths
      let known = new Map<string, string>()
      let now = new Map<string, string>()
      let turn = 0
      const restart = (): void => {
        archive.close()
        archive = open(counted)
        archive.claim()
        now = new Map(known)
      }
      for (const one of steps) {
        turn += 1
        if ('add' in one) {
          const fresh = [...new Set(one.add)].map((n) => `j-${String(n)}`).filter((id) => !now.has(id))
          const jobs = fresh.map((id) => ({ row: row(id), body: JSON.stringify(`${id} ${String(turn)} ${'x'.repeat(3000)}`) }))
          archive.add(jobs)
          for (const { row: added, body } of jobs) now.set(added.id, body)
        } else if ('drop' in one) {
          archive.drop(`j-${String(one.drop)}`)
          now.delete(`j-${String(one.drop)}`)
        } else {
          archive.compact(() => undefined)
          archive.sync()
          if (one.settle === 'crash before the checkpoint') {
            restart()
            continue
          }
          counted = archive.lengths
          known = new Map(now)
          if (one.settle === 'count') archive.sweep()
          else restart()
        }
        expect(new Map([...archive.rows].map(([id, found]) => [id, archive.read(found)]))).toEqual(now)
      }
      restart()
      expect(new Map([...archive.rows].map(([id, found]) => [id, archive.read(found)]))).toEqual(known)
      archive.close()
    }),
    { numRuns: 100 },
  )
})

it.skipIf(whyNoSmallDisk() !== undefined)('takes all or nothing on a disk that becomes full in the middle, and goes on when there is room', () => {
  const disk = smallDisk(4)
  try {
    const archive = new JobArchive(disk.folder, undefined, 256 * 1024)
    archive.claim()
    archive.add([entry('a', 5000), entry('b', 5000)])
    archive.drop('a')
    archive.sync()
    const counted = archive.lengths
    const much = Array.from({ length: 100 }, (_, n) => entry(`m-${String(n)}`, 20_000))
    disk.fill(500_000)
    expect(() => archive.add(much)).toThrow(/ENOSPC/)
    expect([...archive.rows.keys()]).toEqual(['b'])
    disk.fill()
    expect(() => {
      for (let n = 0; n < 100; n += 1) archive.add([entry(`s-${String(n)}`, 5000)])
    }).toThrow(/ENOSPC/)
    disk.makeRoom()
    archive.add(much)
    archive.sync()
    const { lengths } = archive
    const rows = new Map([...archive.rows].map(([id, found]) => [id, archive.read(found)]))
    expect([...rows.keys()].filter((id) => id.startsWith('m-'))).toHaveLength(100)
    archive.close()
    const after = new JobArchive(disk.folder, lengths, 256 * 1024)
    expect(new Map([...after.rows].map(([id, found]) => [id, after.read(found)]))).toEqual(rows)
    after.close()
    // Had it died before the next checkpoint, all that was counted would be there.
    const instead = new JobArchive(disk.folder, counted, 256 * 1024)
    instead.claim()
    expect([...instead.rows].map(([id, found]) => [id, JSON.parse(instead.read(found)) as unknown])).toEqual([['b', 'b'.padEnd(5000, '.')]])
    instead.close()
  } finally {
    disk.remove()
  }
})

it('is changed by nobody who only reads it', () => {
  const archive = open()
  archive.claim()
  archive.add([entry('a'), entry('b')])
  const lengths = settle(archive)
  archive.add([entry('c')])
  archive.sync()
  archive.close()
  const before = bytes()
  const reader = open(lengths)
  expect([...reader.rows.keys()]).toEqual(['a', 'b'])
  expect(bytes()).toBe(before)
  reader.claim()
  expect(bytes()).toBeLessThan(before)
  reader.close()
})

it('loses nothing and brings nothing back when its process is killed at any moment', async () => {
  const server = await startNatsServer({
    config: (directory) => `jetstream { store_dir: ${JSON.stringify(directory)} }
    accounts { STATE: { jetstream: enabled, users: [ { user: state, password: state } ] } }`,
  })
  const program = await bundle('test/fixtures/programs/archive-writer.ts')
  const there = new Set<number>()
  const either = new Set<number>()
  let next = 0
  try {
    for (let round = 0; round < 12; round += 1) {
      const oldest = Math.min(next, ...[...there].filter((n) => n % 5 !== 0))
      const child = spawn(process.execPath, [program.file, String(server.port), folder, String(next), String(oldest)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      // Each life ends somewhere else: after so many lines, and at an odd moment behind the last of them.
      let lines = 20 + ((round * 37) % 90)
      for await (const line of createInterface({ input: child.stdout })) {
        const [word, text] = line.split(' ')
        const n = Number(text)
        if (word === '+') there.add(n)
        else if (word === '~') either.add(n)
        else {
          there.delete(n)
          either.delete(n)
        }
        if (word === '+') next = n + 1
        lines -= 1
        if (lines === 0) setTimeout(() => child.kill('SIGKILL'), round % 4)
      }
      // The last job may be stored although nobody was told.
      either.add(next)
      const life = await openKeptJobs({
        port: server.port,
        directory: folder,
        now: () => 0,
        retention: () => ({ maxAgeMs: 1e12, maxJobs: 1e9 }),
        segmentBytes: 16 * 1024,
      })
      const found = new Set([...life.core.state.jobs.values()].map(({ id }) => Number(id.slice(2))))
      for (const n of there) expect(found.has(n) || either.has(n), `job ${String(n)} after life ${String(round)}`).toBe(true)
      for (const n of found) expect(there.has(n) || either.has(n), `job ${String(n)} is back after life ${String(round)}`).toBe(true)
      for (const record of life.core.state.jobs.values())
        expect([record.latest.ID, record.latest.State.StateType, record.history.length]).toEqual([record.id, 'Completed', 1])
      await life.end()
      // What is there now is the truth from here on.
      there.clear()
      either.clear()
      for (const n of found) there.add(n)
      if (there.has(next)) next += 1
    }
    expect(next).toBeGreaterThan(100)
    expect(there.has(0)).toBe(true)
    expect(there.has(1)).toBe(false)
    // Jobs that were deleted do not fill the disk.
    expect(bytesBelow(folder)).toBeLessThan(2000 * there.size + 400_000)
  } finally {
    program.remove()
    await server.stop()
  }
}, 60_000)

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0)
}

function fail(id: string): never {
  throw new Error(`${id} is gone`)
}
