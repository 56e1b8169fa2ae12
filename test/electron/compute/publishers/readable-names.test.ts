import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { giveReadableNames } from '../../../../electron/compute/publishers/readable-names'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (...bytes: number[]): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes)])

describe.runIf(process.platform === 'linux')('giveReadableNames', () => {
  it('changes nothing where every name is text', async () => {
    mkdirSync(join(folder, 'ünï 名前🐟'))
    writeFileSync(join(folder, 'ünï 名前🐟', '%ff\n'), '')
    expect(await giveReadableNames(folder)).toBe(0)
    expect(readdirSync(folder, { recursive: true }).map(String).sort()).toEqual(['ünï 名前🐟', 'ünï 名前🐟/%ff\n'])
  })

  it('writes out the bytes that are no text, and only those', async () => {
    // "ü" in UTF-8, a lone byte of Latin-1, half a character, a surrogate.
    writeFileSync(at(0xc3, 0xbc, 0xfc, 0x2e, 0xe5, 0x90, 0x2e, 0xed, 0xa0, 0x80), 'x')
    expect(await giveReadableNames(folder)).toBe(1)
    expect(readdirSync(folder)).toEqual(['ü%fc.%e5%90.%ed%a0%80'])
  })

  it('overwrites nothing', async () => {
    writeFileSync(at(0xff), 'bytes')
    writeFileSync(join(folder, '%ff'), 'text')
    expect(await giveReadableNames(folder)).toBe(1)
    expect(readFileSync(join(folder, '%ff'), 'utf8')).toBe('text')
    expect(readFileSync(join(folder, '%ff~1'), 'utf8')).toBe('bytes')
  })

  it('goes into folders, and out of them by no link', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'names-outside-'))
    writeFileSync(Buffer.concat([Buffer.from(`${outside}/`), Buffer.from([0xff])]), '')
    symlinkSync(outside, join(folder, 'link'))
    mkdirSync(at(0xfe))
    writeFileSync(Buffer.concat([at(0xfe), Buffer.from('/'), Buffer.from([0xfd])]), '')
    expect(await giveReadableNames(folder)).toBe(2)
    expect(readdirSync(join(folder, '%fe'))).toEqual(['%fd'])
    expect(readdirSync(outside, { encoding: 'buffer' })).toEqual([Buffer.from([0xff])])
    rmSync(outside, { recursive: true })
  })
})
