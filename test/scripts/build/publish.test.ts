import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { publish } from '../../../scripts/build/publish.mjs'

it('keeps the chunks of the build before this one, drops older ones, and leaves what is not its own', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'shoal-publish-'))
  const output = path.join(root, 'dist')
  mkdirSync(output)
  writeFileSync(path.join(output, 'app.other-1.js'), 'of another part')
  const put = (name: string, generation: string): void => {
    const fresh = path.join(root, `fresh-${name}`)
    mkdirSync(path.join(fresh, 'deep'), { recursive: true })
    writeFileSync(path.join(fresh, 'cli.js'), generation)
    writeFileSync(path.join(fresh, `core.${name}.js`), generation)
    writeFileSync(path.join(fresh, 'deep/kept.css'), generation)
    publish({ fresh, output, hashed: 'core.', stampFile: path.join(output, '.core.json'), fingerprint: generation })
    expect(existsSync(fresh)).toBe(false)
  }
  put('a', 'first')
  put('b', 'second')
  expect(readdirSync(output).sort()).toEqual(['.core.json', 'app.other-1.js', 'cli.js', 'core.a.js', 'core.b.js', 'deep'])
  put('c', 'third')
  expect(readdirSync(output).sort()).toEqual(['.core.json', 'app.other-1.js', 'cli.js', 'core.b.js', 'core.c.js', 'deep'])
  expect(readFileSync(path.join(output, 'cli.js'), 'utf8')).toBe('third')
  expect(JSON.parse(readFileSync(path.join(output, '.core.json'), 'utf8'))).toMatchObject({ fingerprint: 'third' })
})
