import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { recordCodeCache, writeEntries } from '../../../scripts/build/code-cache.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'shoal-cache-'))
const run = (...nodeArgs: readonly string[]): string =>
  execFileSync(process.execPath, [...nodeArgs, path.join(folder, 'greet-all.js'), 'fish'], { encoding: 'utf8' })
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
  // Most of what it makes is old when it becomes garbage.
  writeFileSync(
    path.join(folder, 'core.entry-heap-aB-4_678.js'),
    `const part = (n) => ({ n, text: Array.from({ length: 20 }, (_, i) => n + i) })
     const kept = Array.from({ length: 100000 }, (_, n) => part(n))
     let most = 0
     for (let n = 0; n < 600000; n += 1) {
       kept[(n * 7919) % kept.length] = part(n)
       if (n % 1000 === 0) most = Math.max(most, process.memoryUsage().heapUsed)
     }
     globalThis.gc()
     console.log(most / process.memoryUsage().heapUsed, kept.length)`,
  )
  // Beside a program: tells of each cache whether V8 took it.
  writeFileSync(
    path.join(folder, 'tell-caches.cjs'),
    `const vm = require('node:vm')
     const { basename } = require('node:path')
     vm.Script = class extends vm.Script {
       constructor(source, options) {
         super(source, options)
         console.log(basename(options.filename), this.cachedDataRejected)
       }
     }`,
  )
  writeEntries(folder, 'core.')
  expect(await recordCodeCache(folder, 'core.', folder)).toBe(true)
})

describe('an entry', () => {
  it('runs its bundle through a cache for every bundle, made by this V8', () => {
    expect(caches().sort()).toEqual(
      ['entry-greet-all-aB-4_678', 'entry-heap-aB-4_678', 'late-1', 'words-1'].map((name) => `core.${name}.js.v8-${process.versions.v8}`),
    )
    expect(run()).toBe('hello fish ! true true\n')
  })

  it('has V8 take them, also of what is loaded late', () => {
    const told = run('-r', path.join(folder, 'tell-caches.cjs')).split('\n').slice(0, -2)
    expect(told).toEqual(['core.entry-greet-all-aB-4_678.js false', 'core.words-1.js false', 'core.late-1.js false'])
  })

  it('keeps the heap of its process near the size of what is in use', () => {
    const [most] = execFileSync(process.execPath, ['--expose-gc', path.join(folder, 'heap.js')], { encoding: 'utf8' })
      .split(' ')
      .map(Number)
    // Twice and a half; 5 times without.
    expect(most).toBeLessThan(3.5)
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
