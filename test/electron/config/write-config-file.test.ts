import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeConfigFile, readConfigText, writeConfigText } from '../../../electron/config/write-config-file'
import { configKeys, findKey } from '../../../shared/config/keys'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-write-'))
  path = join(folder, 'config.yaml')
})
afterEach(() => rmSync(folder, { recursive: true }))

const port = (value: number) => [{ key: findKey('API.Port'), value }]

describe('writeConfigText', () => {
  it('writes what only its owner may read, and keeps what was there', async () => {
    writeFileSync(path, 'API:\n  Port: 1\n', { mode: 0o644 })
    const { base } = await readConfigText(path)
    const after = await writeConfigText(path, 'API:\n  Port: 2\n', base)
    expect(readFileSync(path, 'utf8')).toBe('API:\n  Port: 2\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(`${path}.bak.1`, 'utf8')).toBe('API:\n  Port: 1\n')
    expect(statSync(`${path}.bak.1`).mode & 0o777).toBe(0o600)
    expect((await readConfigText(path)).base).toBe(after.base)
  })

  it('refuses when the file is another by now', async () => {
    const { base } = await readConfigText(path)
    writeFileSync(path, 'API: {}\n')
    await expect(writeConfigText(path, 'x: 1\n', base)).rejects.toMatchObject({ code: 'config.changed-meanwhile' })
    expect(readFileSync(path, 'utf8')).toBe('API: {}\n')
    expect(readdirSync(folder)).toEqual(['config.yaml'])
  })

  it('keeps ten backups', async () => {
    for (let value = 1; value <= 13; value += 1) await changeConfigFile(path, port(value))
    expect(readdirSync(folder).filter((name) => name.includes('.bak.'))).toHaveLength(10)
    expect(readFileSync(`${path}.bak.1`, 'utf8')).toContain('12')
    expect(readFileSync(`${path}.bak.10`, 'utf8')).toContain('Port: 3')
  })

  it('writes through a link', async () => {
    mkdirSync(join(folder, 'real'))
    const real = join(folder, 'real', 'c.yaml')
    writeFileSync(real, '')
    symlinkSync(real, path)
    await changeConfigFile(path, port(7))
    expect(readFileSync(real, 'utf8')).toContain('7')
    expect(statSync(path, { throwIfNoEntry: true }).isFile()).toBe(true)
  })
})

describe('changeConfigFile', () => {
  it('makes file and folder', async () => {
    const deep = join(folder, 'a', 'b', 'config.yaml')
    await changeConfigFile(deep, port(5))
    expect(readFileSync(deep, 'utf8')).toBe('API:\n  Port: 5\n')
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
  })

  it('loses nothing when many write at once', async () => {
    const keys = configKeys.filter((key) => key.kind === 'text').slice(0, 20)
    await Promise.all(keys.map((key) => changeConfigFile(path, [{ key, value: 'x' }])))
    const text = readFileSync(path, 'utf8')
    expect(text.match(/: x$/gm)).toHaveLength(20)
  })

  it('leaves a broken file as it is', async () => {
    writeFileSync(path, 'API: [\n')
    await expect(changeConfigFile(path, port(1))).rejects.toThrow(`${path}, line 2, column 1`)
    expect(readFileSync(path, 'utf8')).toBe('API: [\n')
    expect(readdirSync(folder)).toEqual(['config.yaml'])
  })

  it('takes away what a killed writer left', async () => {
    writeFileSync(`${path}.new`, 'half')
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(`${path}.new`, longAgo, longAgo)
    await changeConfigFile(path, port(9))
    expect(readFileSync(path, 'utf8')).toContain('9')
    expect(existsSync(`${path}.new`)).toBe(false)
  })

  it('says why it cannot write, and what to look at', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(changeConfigFile(join(folder, 'file', 'config.yaml'), port(1))).rejects.toMatchObject({ code: 'config.not-written' })
  })

  it.skipIf(process.getuid?.() === 0)('names a folder that it may not write to', async () => {
    chmodSync(folder, 0o500)
    await expect(changeConfigFile(path, port(1))).rejects.toThrow('may not write')
    chmodSync(folder, 0o700)
  })
})
