import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensureNpmDependencies, firstDifference } from '../../../scripts/setup/npm-dependencies.mjs'

const wanted = { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-darwin-arm64': { version: '2.0.0', optional: true } }

describe('firstDifference', () => {
  it('finds none where only packages for other systems are absent', () => {
    expect(firstDifference(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBeUndefined()
  })

  it('names the package that is missing, of another version, or no longer wanted', () => {
    expect(firstDifference(wanted, {})).toBe('node_modules/a is not installed')
    expect(firstDifference(wanted, { 'node_modules/a': { version: '0.9.0' } })).toBe('node_modules/a is 0.9.0, wanted 1.0.0')
    expect(firstDifference(wanted, { 'node_modules/a': { version: '1.0.0' }, 'node_modules/z': { version: '1.0.0' } })).toBe(
      'node_modules/z is no longer wanted',
    )
  })

  it('finds none in this checkout: its own node_modules came from its lock', () => {
    const read = (file: string): Parameters<typeof firstDifference>[0] =>
      (JSON.parse(readFileSync(path.resolve(__dirname, '../../..', file), 'utf8')) as { packages: Parameters<typeof firstDifference>[0] }).packages
    expect(firstDifference(read('package-lock.json'), read('node_modules/.package-lock.json'))).toBeUndefined()
  })
})

describe('ensureNpmDependencies', () => {
  it('says what is missing and what to type where there is no lock file', async () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'shoal-setup-'))
    await expect(ensureNpmDependencies(empty)).rejects.toMatchObject({
      message: expect.stringContaining('package-lock.json') as string,
      hint: 'git checkout package-lock.json',
    })
  })
})
