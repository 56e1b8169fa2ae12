import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openExecutionOutput } from '../../../../electron/compute/executors/output-file'
import { wholeOutputFile } from '../../../../electron/compute/executors/output-store'

let around: string
/** Of an execution; a small output lies in a file beside it. */
let folder: string
beforeEach(() => {
  around = mkdtempSync(join(tmpdir(), 'output-'))
  folder = join(around, 'e-1')
  mkdirSync(folder)
})
afterEach(() => rmSync(around, { recursive: true, force: true }))

describe('the output of an execution', () => {
  it('goes to a file for each stream, whole', async () => {
    const output = openExecutionOutput(folder, { apart: true })
    await Promise.all([output.stdout.write(Buffer.from('one ')), output.stderr.write(Buffer.from('bad')), output.stdout.write(Buffer.from('two'))])
    await output.close()
    expect(readFileSync(join(folder, 'stdout'), 'utf8')).toBe('one two')
    expect(readFileSync(join(folder, 'stderr'), 'utf8')).toBe('bad')
  })

  it('keeps the start of it in memory, told as truncated when there is more, without half a character', async () => {
    const output = openExecutionOutput(folder)
    await output.stdout.write(Buffer.from('a'.repeat(2047)))
    expect(output.inline('stdout')).toEqual({ text: 'a'.repeat(2047), truncated: false })
    await output.stdout.write(Buffer.from('ü'))
    expect(output.inline('stdout')).toEqual({ text: 'a'.repeat(2047), truncated: true })
    expect(output.inline('stderr')).toEqual({ text: '', truncated: false })
    await output.close()
  })

  it('ends at its limit and says so', async () => {
    const output = openExecutionOutput(folder, { limitBytes: 1000, apart: true })
    for (let at = 0; at < 30; at += 1) await output.stdout.write(Buffer.alloc(100, 'x'))
    await output.close()
    expect(readFileSync(join(folder, 'stdout'), 'utf8')).toBe('x'.repeat(1000))
    expect(readFileSync(join(folder, 'stderr'), 'utf8')).toMatch(/stdout is longer than 1000 bytes/)
    expect([output.truncated('stdout'), output.truncated('stderr')]).toEqual([true, false])
  })

  it('holds the writer up while the disk is behind, and never has much waiting', async () => {
    const output = openExecutionOutput(folder)
    const piece = Buffer.alloc(256 * 1024, 'y')
    let atOnce = 0
    const writes = Array.from({ length: 8 }, () => output.stdout.write(piece).then(() => (atOnce += 1)))
    await Promise.resolve()
    expect(atOnce).toBeLessThan(8)
    await Promise.all(writes)
    await output.close()
    expect(readFileSync(join(folder, 'stdout')).length).toBe(8 * piece.length)
  })

  it('is on the disk while the program goes on, and costs no folder while it is silent', async () => {
    const output = openExecutionOutput(join(folder, 'lazy'))
    expect(existsSync(join(folder, 'lazy'))).toBe(false)
    const written = new Promise<void>((resolve) => output.onWritten(resolve))
    await output.stdout.write(Buffer.from('early '))
    await written
    expect(readFileSync(join(folder, 'lazy', 'stdout'), 'utf8')).toBe('early ')
    await output.stdout.write(Buffer.from('late'))
    await output.close()
    expect(readFileSync(join(folder, 'lazy', 'stdout'), 'utf8')).toBe('early late')
  })

  it('costs one file where it is little and all there is', async () => {
    const output = openExecutionOutput(join(folder, 'short'))
    await Promise.all([output.stdout.write(Buffer.from('said ')), output.stderr.write(Buffer.from('bad')), output.stdout.write(Buffer.from('so'))])
    await output.close()
    expect(readdirSync(folder)).toEqual(['short+output'])
    expect(
      readFileSync(wholeOutputFile(join(folder, 'short')))
        .subarray(-10)
        .toString(),
    ).toBe('said badso')
  })

  it('tells that it cannot be kept', async () => {
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(wholeOutputFile(join(folder, 'file')))
    for (const length of [1, 100_000]) {
      const output = openExecutionOutput(join(folder, 'file'))
      await output.stdout.write(Buffer.alloc(length))
      await expect(output.close()).rejects.toMatchObject({ code: 'output.failed' })
      await expect(output.stdout.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'output.failed' })
    }
  })
})
