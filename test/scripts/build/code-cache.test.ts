import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { recordCodeCache, writeEntries } from '../../../scripts/build/code-cache.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'shoal-cache-'))
const run = (): string => execFileSync(process.execPath, [path.join(folder, 'greet-all.js'), 'fish'], { encoding: 'utf8' })
const caches = (): string[] => readdirSync(folder).filter((file) => file.includes('.v8-'))

beforeAll(async () => {
  writeFileSync(
    path.join(folder, 'core.entry-greet-all-aB-4_678.js'),
    `const { greeting } = require('./core.words-1.js')
     Promise.resolve(require('node:path')).then((path) => Promise.resolve().then(() => require('./core.late-1.js')).then((late) =>
       console.log(greeting(process.argv[2]), late.mark, path.basename(__dirname) === path.basename(${JSON.stringify(folder)}), require('node:os').EOL === '\\n')))`,
  )
  writeFileSync(path.join(folder, 'core.words-1.js'), `exports.greeting = (name) => 'hello ' + name`)
  writeFileSync(path.join(folder, 'core.late-1.js'), `exports.mark = '!'`)
  writeEntries(folder, 'core.')
  expect(await recordCodeCache(folder, 'core.', folder)).toBe(true)
})

describe('an entry', () => {
  it('runs its bundle through a cache for every bundle, made by this V8', () => {
    expect(caches().sort()).toEqual(['entry-greet-all-aB-4_678', 'late-1', 'words-1'].map((name) => `core.${name}.js.v8-${process.versions.v8}`))
    expect(run()).toBe('hello fish ! true true\n')
  })

  it('runs without it where the cache is broken or missing', () => {
    for (const file of caches()) writeFileSync(path.join(folder, file), Buffer.from('not a cache'))
    expect(run()).toBe('hello fish ! true true\n')
    for (const file of caches()) rmSync(path.join(folder, file))
    expect(run()).toBe('hello fish ! true true\n')
  })

  it('names the bundle that it was written for', () => {
    expect(readFileSync(path.join(folder, 'greet-all.js'), 'utf8')).toMatch(/load\('core\.entry-greet-all-aB-4_678\.js'\)\n$/)
  })
})
