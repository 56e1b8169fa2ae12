import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRotatingFile } from '../../../electron/log/rotating-file'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shoal-log-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('rotating file', () => {
  it('keeps every line in order, in a file only its owner reads', async () => {
    const file = createRotatingFile({ path: join(dir, 'node.log') })
    for (let n = 0; n < 500; n += 1) file.writeLine(`line ${n}`)
    await file.close()
    expect(readFileSync(join(dir, 'node.log'), 'utf8').split('\n').slice(0, -1)).toEqual(Array.from({ length: 500 }, (_, n) => `line ${n}`))
    expect(statSync(join(dir, 'node.log')).mode & 0o777).toBe(0o600)
  })

  it('turns over before a file passes its cap and keeps the newest', async () => {
    const file = createRotatingFile({ path: join(dir, 'node.log'), maxBytes: 100, keep: 2 })
    for (let n = 0; n < 100; n += 1) {
      file.writeLine(`line number ${n}`)
      if (n % 7 === 0) await file.flush()
    }
    await file.close()
    expect(readdirSync(dir).sort()).toEqual(['node.log', 'node.log.1', 'node.log.2'])
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).size).toBeLessThanOrEqual(100)
    const kept = ['node.log.2', 'node.log.1', 'node.log'].map((name) => readFileSync(join(dir, name), 'utf8')).join('')
    const numbers = [...kept.matchAll(/number (\d+)/g)].map((match) => Number(match[1]))
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 100 - numbers.length + index))
  })

  it('appends to what an earlier run wrote', async () => {
    for (const line of ['first', 'second']) {
      const file = createRotatingFile({ path: join(dir, 'node.log') })
      file.writeLine(line)
      await file.close()
    }
    expect(readFileSync(join(dir, 'node.log'), 'utf8')).toBe('first\nsecond\n')
  })

  it.runIf(process.platform === 'linux')('drops lines on a full disk, tells once, and ends', async () => {
    symlinkSync('/dev/full', join(dir, 'node.log'))
    const troubles: unknown[] = []
    const file = createRotatingFile({ path: join(dir, 'node.log'), onTrouble: (error) => troubles.push(error) })
    for (let n = 0; n < 50; n += 1) {
      file.writeLine(`line ${n}`)
      await file.flush()
    }
    await file.close()
    expect(file.dropped).toBe(50)
    expect(troubles).toHaveLength(1)
    expect(troubles[0]).toMatchObject({ code: 'ENOSPC' })
  })

  it('goes on when the disk has room again, and says how many lines are missing', async () => {
    const folder = join(dir, 'later')
    const file = createRotatingFile({ path: join(folder, 'node.log') })
    file.writeLine('lost')
    await file.flush()
    mkdirSync(folder)
    file.writeLine('kept')
    await file.close()
    expect(readFileSync(join(folder, 'node.log'), 'utf8')).toMatch(/1 log lines were lost.*\nkept\n$/)
  })

  it('does not grow in memory when lines come faster than the disk takes them', () => {
    const file = createRotatingFile({ path: join(dir, 'node.log'), maxQueuedBytes: 1000 })
    for (let n = 0; n < 1000; n += 1) file.writeLine('0123456789')
    expect(file.dropped).toBeGreaterThan(900)
  })
})
