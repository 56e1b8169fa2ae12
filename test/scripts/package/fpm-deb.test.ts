import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const SCRIPT = path.resolve(__dirname, '../../../scripts/package/fpm-deb.mjs')

describe.runIf(existsSync('/usr/bin/dpkg-deb'))('fpm-deb', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shoal-fpm-'))
  const deb = path.join(folder, 'a.deb')
  mkdirSync(path.join(folder, 'app/bin'), { recursive: true })
  writeFileSync(path.join(folder, 'app/bin/run'), '#!/bin/sh\n', { mode: 0o700 })
  writeFileSync(path.join(folder, 'app/data'), 'x', { mode: 0o600 })
  symlinkSync('data', path.join(folder, 'app/link'))
  writeFileSync(path.join(folder, 'wrapper'), '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(path.join(folder, 'after'), '#!/bin/sh\nexit 0\n')

  it('makes a package whose files belong to root and may be read by everybody', () => {
    const fields = [
      '--name',
      'shoal',
      '--version',
      '1.0.0',
      '--architecture',
      'all',
      '--maintainer',
      'Us <us@example.org>',
      '--description',
      'Short\n Long.',
      '--url',
      'https://example.org',
    ]
    const files = [`${folder}/app/=/opt/App`, `${folder}/wrapper=/usr/bin/shoal`]
    const scripts = ['--after-install', path.join(folder, 'after'), '--after-remove', path.join(folder, 'after')]
    execFileSync(
      process.execPath,
      [SCRIPT, '-s', 'dir', '-t', 'deb', '--deb-compression', 'gzip', '--package', deb, ...fields, ...scripts, ...files],
      { stdio: 'pipe' },
    )
    const listing = execFileSync('dpkg-deb', ['-c', deb], { encoding: 'utf8' })
    const modes = Object.fromEntries(
      listing
        .trim()
        .split('\n')
        .map((line) => [line.replace(/^.* \.\//, '/'), line.slice(0, 21).replace(/ +\d*$/, '')]),
    )
    expect(modes).toMatchObject({
      '/opt/App/bin/run': '-rwxr-xr-x root/root',
      '/opt/App/data': '-rw-r--r-- root/root',
      '/usr/bin/shoal': '-rwxr-xr-x root/root',
    })
    expect(listing).toContain('./opt/App/link -> data')
    expect(execFileSync('dpkg-deb', ['-f', deb, 'Package', 'Version'], { encoding: 'utf8' })).toBe('Package: shoal\nVersion: 1.0.0\n')
    expect(execFileSync('dpkg-deb', ['-I', deb], { encoding: 'utf8' })).toMatch(/postinst[\s\S]*postrm/)
  })

  it('refuses any other kind of package', () => {
    expect(() => execFileSync(process.execPath, [SCRIPT, '-s', 'dir', '-t', 'rpm'], { stdio: 'pipe' })).toThrow('Debian packages only')
  })
})
