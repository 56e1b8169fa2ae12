import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildApp, buildCore } from '../../../scripts/build/node-side.mjs'

const ROOT = path.resolve(__dirname, '../../..')
const root = path.join(mkdtempSync(path.join(tmpdir(), 'shoal-build-')), 'checkout')
const built = path.join(root, 'built')

beforeAll(async () => {
  mkdirSync(path.join(root, 'electron'), { recursive: true })
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'))
  cpSync(path.join(ROOT, 'tsconfig.json'), path.join(root, 'tsconfig.json'))
  writeFileSync(
    path.join(root, 'electron/cli.ts'),
    `declare const __SHOAL_VERSION__: string
     async function main(): Promise<void> {
       const [{ late }, zlib] = await Promise.all([import('./late'), import('node:zlib')])
       console.log(__SHOAL_VERSION__, late('x'), typeof zlib.gzipSync, __dirname)
       if (process.argv[2] === 'fail') throw new Error('seen')
     }
     main().catch((error: unknown) => { console.log((error as Error).stack); process.exitCode = 3 })`,
  )
  writeFileSync(path.join(root, 'electron/late.ts'), `import { z } from 'zod'\nexport const late = (x: string): string => z.string().parse(x)`)
  writeFileSync(
    path.join(root, 'electron/node.ts'),
    `import { Module } from 'node:module'
     import { ClassicLevel } from 'classic-level'
     async function main(): Promise<void> {
       const database = new ClassicLevel(process.argv[2] ?? '')
       await database.put('fish', 'cod')
       console.log(await database.get('fish'), Object.keys(Module._cache).filter((file) => file.includes('node_modules') && file.endsWith('.js')).length)
     }
     void main()`,
  )
  writeFileSync(path.join(root, 'electron/main.ts'), `import { app } from 'electron'\nexport const name = app.getName()`)
  writeFileSync(
    path.join(root, 'electron/preload.ts'),
    `import { contextBridge } from 'electron'\nimport { late } from './late'\ncontextBridge.exposeInMainWorld('late', late)`,
  )
  await buildCore({ root, outDir: built, version: '7.8.9' })
  await buildApp({ root, outDir: built, version: '7.8.9' })
  renameSync(built, path.join(root, 'dist'))
})

const dist = path.join(root, 'dist')
const bundles = (): string[] => readdirSync(dist).filter((file) => file.endsWith('.js'))

describe('the build of the Node side', () => {
  it('makes entries that run in plain Node, with a chunk for a dynamic import, in one folder', () => {
    const output = execFileSync(process.execPath, [path.join(dist, 'cli.js')], { encoding: 'utf8' })
    expect(output).toBe(`7.8.9 x function ${dist}\n`)
    expect(bundles().some((file) => file.startsWith('core.late-'))).toBe(true)
  })

  it('names files by where they lie in the stack of an error, with its code cache in use', () => {
    const stack = execFileSync('sh', ['-c', `"${process.execPath}" "${path.join(dist, 'cli.js')}" fail || true`], { encoding: 'utf8' })
    expect(stack).toContain(`${dist}/core.entry-cli-`)
    expect(stack).not.toContain(built)
  })

  it('bundles the store, all but its native binary and what finds that', () => {
    const output = execFileSync(process.execPath, [path.join(dist, 'node.js'), path.join(root, 'database')], { encoding: 'utf8' })
    const [value, files] = output.trim().split(' ')
    expect(value).toBe('cod')
    expect(Number(files)).toBeLessThanOrEqual(3)
  })

  it('leaves no import() in what runs through the code cache, and no locales of zod', () => {
    const core = bundles().filter((file) => file.startsWith('core.'))
    expect(core.filter((file) => /\bimport\(/.test(readFileSync(path.join(dist, file), 'utf8')))).toEqual([])
    expect(core.filter((file) => /invalide|ungültig/i.test(readFileSync(path.join(dist, file), 'utf8')))).toEqual([])
  })

  it('makes a preload of one file that requires nothing but Electron', () => {
    const preload = readFileSync(path.join(dist, 'preload.js'), 'utf8')
    expect([...preload.matchAll(/require\(["'`]([^"'`]+)["'`]\)/g)].map((match) => match[1])).toEqual(['electron'])
    expect(readFileSync(path.join(dist, 'main.js'), 'utf8')).toMatch(/require\(["'`]electron["'`]\)/)
  })

  it('builds what is there: an entry that does not exist is left out', () => {
    expect(bundles()).not.toContain('gate.js')
  })
})
