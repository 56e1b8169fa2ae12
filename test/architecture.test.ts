import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = path.resolve(__dirname, '..')
const SOURCE_FOLDERS = ['electron', 'renderer', 'shared', 'scripts', 'test']
const LONGEST_FILE = 400
/** Names that say nothing of what a file does: things pile up behind them. */
const EMPTY_NAMES = /^(utils?|helpers?|managers?|common|types?|index|misc|constants?|lib|stuff)$/

const sources = SOURCE_FOLDERS.flatMap((folder) => filesUnder(folder)).filter((file) => /\.(ts|tsx|mjs|cjs|css)$/.test(file))
const code = sources.filter((file) => !file.endsWith('.css'))
const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')
const baseName = (file: string): string => path.basename(file).replace(/\..*$/, '')

describe('the sources', () => {
  it('are there to be looked at', () => {
    expect(code.length).toBeGreaterThan(100)
  })

  it('have no file of more than 400 lines', () => {
    expect(sources.filter((file) => text(file).split('\n').length > LONGEST_FILE + 1)).toEqual([])
  })

  it('are named after what they do, in kebab-case', () => {
    expect(sources.filter((file) => EMPTY_NAMES.test(baseName(file)))).toEqual([])
    expect(sources.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(baseName(file)))).toEqual([])
  })

  it('leave nothing for later', () => {
    const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', '@ts-' + 'ignore', '@ts-' + 'nocheck', 'eslint-' + 'disable'].join('|'))
    expect(code.filter((file) => marks.test(text(file)))).toEqual([])
  })

  it('hold no test that is switched off or runs alone', () => {
    const tests = code.filter((file) => /\.(test|spec)\.tsx?$/.test(file))
    expect(tests.filter((file) => /\b(it|test|describe)\.(only|skip|todo|fixme)\(/.test(text(file)))).toEqual([])
  })
})

describe('the checkout', () => {
  it('has exactly these top-level folders', () => {
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0')
    const folders = new Set(tracked.filter((file) => file.includes('/')).map((file) => file.split('/')[0]))
    expect([...folders].sort()).toEqual(['.ci', 'docs', 'electron', 'renderer', 'resources', 'scripts', 'shared', 'test'])
  })

  it('pins every npm package to one version', () => {
    const manifest = JSON.parse(text('package.json')) as Record<string, Record<string, string> | undefined>
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range),
    )
    expect(ranges).toEqual([])
  })

  it('tells of every dependency why it is there', () => {
    const manifest = JSON.parse(text('package.json')) as Record<string, Record<string, string> | undefined>
    const reasons = text('docs/dependencies.md')
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(names.filter((name) => !reasons.includes(`\`${name}\``))).toEqual([])
  })

  it('locks the native packages of the other systems too', () => {
    const lock = JSON.parse(text('package-lock.json')) as { packages: Record<string, { resolved?: string }> }
    const names = Object.keys(lock.packages)
    for (const system of ['darwin-arm64', 'darwin-x64', 'win32-x64-msvc', 'linux-x64-gnu', 'linux-arm64-gnu']) {
      expect(names).toContain(`node_modules/@rolldown/binding-${system}`)
      expect(names).toContain(`node_modules/lightningcss-${system}`)
    }
    expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([])
  })
})

describe('the tests', () => {
  it('mirror the tree: each lies where its source lies', () => {
    const mirrored = code.filter((file) => /^test\/(electron|renderer|shared|scripts)\/.*\.test\.tsx?$/.test(file))
    const lost = mirrored.filter((file) => {
      const source = file.replace(/^test\//, '').replace(/\.test\.tsx?$/, '')
      return (
        !['.ts', '.tsx', '.mjs', '.cjs'].some((ending) => existsSync(path.join(ROOT, source + ending))) &&
        !existsSync(path.join(ROOT, path.dirname(source)))
      )
    })
    expect(lost).toEqual([])
  })
})

describe('electron/app', () => {
  it('does nothing that holds up the window: no synchronous work on files once it runs', () => {
    const blocking = /\b(?:read|write|append|copy|mkdir|rm|rename|stat|lstat|readdir|exists|access|open|unlink)(?:File|dir)?Sync\b/
    const atStart = new Set(['electron/app/preferences.ts', 'electron/app/app-log.ts'])
    const app = code.filter((file) => file.startsWith('electron/app/') && !atStart.has(file))
    expect(app.filter((file) => blocking.test(text(file)))).toEqual([])
  })

  it('is the only place, with its two entries, that imports the module electron', () => {
    const outside = code.filter((file) => /^(electron|shared|renderer)\//.test(file) && !/^electron\/(app\/|main\.ts$|preload\.ts$)/.test(file))
    expect(outside.filter((file) => /from 'electron'|require\('electron'\)|import\('electron'\)/.test(text(file)))).toEqual([])
  })
})

describe('the renderer', () => {
  const html = filesUnder('renderer').filter((file) => file.endsWith('.html'))

  it('has no inline script or style: the content policy would refuse it', () => {
    expect(html).not.toEqual([])
    for (const file of html) {
      expect(text(file)).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=/)
    }
  })
})

function filesUnder(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !/^test\/(fixtures|e2e\/(screenshots|results))\//.test(file))
}
