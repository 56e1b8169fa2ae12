import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprint, readStamp } from '../../../scripts/build/freshness.mjs'

describe('fingerprint', () => {
  it('stays while nothing changes, and changes with every file that comes, goes or is written', () => {
    const root = mkdtempSync(path.join(tmpdir(), 'shoal-fresh-'))
    mkdirSync(path.join(root, 'src/deep'), { recursive: true })
    writeFileSync(path.join(root, 'src/deep/a.ts'), 'one')
    const look = (): string => fingerprint(root, ['src', 'package.json'])
    const seen = [look()]
    expect(look()).toBe(seen[0])
    writeFileSync(path.join(root, 'src/deep/a.ts'), 'longer')
    seen.push(look())
    writeFileSync(path.join(root, 'package.json'), '{}')
    seen.push(look())
    writeFileSync(path.join(root, 'src/b.ts'), '')
    seen.push(look())
    rmSync(path.join(root, 'src/deep'), { recursive: true })
    seen.push(look())
    expect(new Set(seen).size).toBe(seen.length)
  })
})

describe('readStamp', () => {
  it('takes a stamp that cannot be read for none', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'shoal-fresh-')), 'stamp.json')
    expect(readStamp(file)).toBeUndefined()
    writeFileSync(file, '{"finger')
    expect(readStamp(file)).toBeUndefined()
  })
})
