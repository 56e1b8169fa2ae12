import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultPreferences, openPreferences, parsePreferences } from '../../../electron/app/preferences'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'preferences-'))
  file = path.join(folder, 'preferences.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('what is updated is there at the next start', async () => {
  const first = openPreferences(file, () => undefined)
  expect(first.current).toEqual(defaultPreferences)
  const window = { bounds: { x: 10, y: 20, width: 1000, height: 700 }, maximized: true }
  first.update({ theme: 'dark' })
  first.update({ onClose: 'keep-running', window })
  await first.flush()
  expect(openPreferences(file, () => undefined).current).toEqual({ theme: 'dark', onClose: 'keep-running', systemFrame: false, window })
})

test('a broken file is set aside and told; the app opens with defaults', async () => {
  await writeFile(file, '{ "theme": "dark"')
  const troubles: string[] = []
  expect(openPreferences(file, (message) => troubles.push(message)).current).toEqual(defaultPreferences)
  expect(await readFile(`${file}.bad`, 'utf8')).toBe('{ "theme": "dark"')
  expect(troubles.join()).toContain(`${file}.bad`)
})

test('a value that does not fit costs only itself', () => {
  expect(parsePreferences('{"theme":"pink","onClose":"stop-all","window":{"bounds":{"x":1,"y":2,"width":"wide","height":3}}}')).toEqual({
    ...defaultPreferences,
    onClose: 'stop-all',
  })
})

test('no text crashes it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const parsed = parsePreferences(text)
      expect(parsed === undefined || ['system', 'light', 'dark'].includes(parsed.theme)).toBe(true)
    }),
  )
})

test('a disk that does not take them is told, not thrown', async () => {
  const troubles: string[] = []
  const preferences = openPreferences(path.join(folder, 'missing', 'preferences.json'), (message) => troubles.push(message))
  preferences.update({ theme: 'light' })
  await preferences.flush()
  expect(preferences.current.theme).toBe('light')
  expect(troubles).toHaveLength(1)
})
