import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { stageApp } from '../../../scripts/package/stage.mjs'

it('lays out the files of the last build alone, and what the app says of itself', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'shoal-stage-'))
  mkdirSync(path.join(root, 'dist/renderer/assets'), { recursive: true })
  writeFileSync(
    path.join(root, 'package.json'),
    JSON.stringify({ name: 'shoal', version: '1.0.0', main: 'dist/main.js', scripts: { test: 'x' }, devDependencies: {} }),
  )
  const files = { core: ['node.js', 'cli.js', 'core.a-2.js', 'core.a-2.js.v8-11.3'], app: ['main.js'], renderer: ['index.html', 'assets/x-2.js'] }
  for (const [name, list] of Object.entries(files))
    writeFileSync(path.join(root, `dist/.${name}.json`), JSON.stringify({ fingerprint: 'f', files: list }))
  for (const file of [...files.core, ...files.app, 'core.a-1.js', ...files.renderer.map((name) => `renderer/${name}`), 'renderer/assets/x-1.js']) {
    writeFileSync(path.join(root, 'dist', file), file)
  }
  const app = path.join(root, 'release/app')
  stageApp(root, app)
  expect(
    readdirSync(app, { recursive: true })
      .map(String)
      .filter((file) => file.includes('.'))
      .sort(),
  ).toEqual(
    ['dist/core.a-2.js', 'dist/main.js', 'dist/node.js', 'dist/renderer/assets/x-2.js', 'dist/renderer/index.html', 'package.json'].map((file) =>
      file.replaceAll('/', path.sep),
    ),
  )
  expect(JSON.parse(readFileSync(path.join(app, 'package.json'), 'utf8'))).toEqual({ name: 'shoal', version: '1.0.0', main: 'dist/main.js' })
  expect(existsSync(path.join(app, 'dist/.core.json'))).toBe(false)
})
