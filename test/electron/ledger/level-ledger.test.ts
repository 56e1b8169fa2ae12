import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { levelLedgerExists, openLevelLedger } from '../../../electron/ledger/level-ledger'
import { silentLog } from '../../../electron/transport/log'
import { bundle } from '../../fixtures/bundle'
import { eventually } from '../../fixtures/eventually'
import { describeLedger, replayed } from './ledger-conformance'

const log = silentLog

describeLedger('LevelDB ledger', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'shoal-level-'))
  return Promise.resolve({
    open: () => openLevelLedger({ folder: join(dir, 'state'), log }),
    remove: () => {
      rmSync(dir, { recursive: true, force: true })
      return Promise.resolve()
    },
  })
})

describe('LevelDB ledger', () => {
  let dir: string
  let folder: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'shoal-level-'))
    folder = join(dir, 'a', 'state')
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('tells whether there is one', async () => {
    expect(await levelLedgerExists(folder)).toBe(false)
    const ledger = await openLevelLedger({ folder, log })
    await ledger.close()
    expect(await levelLedgerExists(folder)).toBe(true)
  })

  it('says what to do about one that is damaged', async () => {
    await (await openLevelLedger({ folder, log })).close()
    writeFileSync(join(folder, 'CURRENT'), 'MANIFEST-000')
    await expect(openLevelLedger({ folder, log })).rejects.toMatchObject({
      code: 'ledger.broken',
      hint: expect.stringContaining(`${folder} back from a backup; or move it away`) as string,
    })
  })

  it('keeps notes in order with records, and by themselves', async () => {
    const ledger = await openLevelLedger({ folder, log })
    ledger.note('one')
    expect(await ledger.append('two')).toBe(2)
    ledger.note('three')
    await eventually('the note is stored', () => ledger.lastSequence === 3)
    ledger.note('four')
    await ledger.close()
    const again = await openLevelLedger({ folder, log })
    expect((await replayed(again)).map(({ record }) => record)).toEqual(['one', 'two', 'three', 'four'])
    await again.close()
  })

  it('gives the room of what it drops back to the disk', async () => {
    const ledger = await openLevelLedger({ folder, log })
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(Array.from({ length: 50 }, () => ledger.append(randomBytes(20_000).toString('base64'))))
    }
    const tables = (): number =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.ldb'))
        .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
    expect(tables()).toBeGreaterThan(2_000_000)
    await ledger.trim(ledger.lastSequence)
    await eventually('the tables are gone', () => tables() < 100_000)
    expect(await replayed(ledger)).toHaveLength(1)
    await ledger.close()
  })

  it('drops its beginning and goes on counting', async () => {
    const ledger = await openLevelLedger({ folder, log })
    await Promise.all(['a', 'b', 'c'].map((record) => ledger.append(record)))
    await ledger.trim(3)
    expect(await replayed(ledger)).toEqual([{ record: 'c', sequence: 3 }])
    await ledger.trim(100)
    await ledger.close()
    const again = await openLevelLedger({ folder, log })
    expect(await again.append('d')).toBe(4)
    expect((await replayed(again)).map(({ record }) => record)).toEqual(['c', 'd'])
    await again.close()
  })

  it('loses no acknowledged record when its process is killed, and is kept from a second process', async () => {
    const program = await bundle('test/fixtures/programs/level-writer.ts')
    let acknowledged = 0
    try {
      for (let round = 0; round < 4; round++) {
        const child = spawn(process.execPath, [program.file, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
        child.stdout.on('data', (text: Buffer) => (acknowledged = Number(text.toString().trim().split('\n').pop())))
        const before = acknowledged
        await eventually('some records', () => acknowledged > before + 20, 10_000)
        if (round === 0) await expect(openLevelLedger({ folder, log })).rejects.toMatchObject({ code: 'ledger.in-use' })
        child.kill('SIGKILL')
        await new Promise((resolve) => child.on('close', resolve))
        const ledger = await openLevelLedger({ folder, log })
        const records = await replayed(ledger)
        expect(records.length).toBeGreaterThanOrEqual(acknowledged)
        expect(records.map(({ record }) => record)).toEqual(records.map((_, index) => index + 1))
        await ledger.close()
      }
    } finally {
      program.remove()
    }
  })
})
