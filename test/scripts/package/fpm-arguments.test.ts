import { describe, expect, it } from 'vitest'
import { controlFile, parseArguments } from '../../../scripts/package/fpm-arguments.mjs'

const ARGUMENTS = [
  ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libnss3', '-d', 'libgbm1 | libgbm', '--deb-compression', 'xz', '--architecture', 'amd64'],
  ...[
    '--description',
    'Short\n Longer, with a word.',
    '--version',
    '1.2.3',
    '--package',
    'out/a.deb',
    '--name',
    'shoal',
    '--maintainer',
    'Us <us@example.org>',
  ],
  ...['--url', 'https://example.org', 'release/linux-unpacked/=/opt/Shoal', 'a=b.png=/usr/share/icons/a.png'],
]

describe('parseArguments', () => {
  it('reads what electron-builder gives to fpm', () => {
    const parsed = parseArguments(ARGUMENTS)
    expect(parsed.depends).toEqual(['libnss3', 'libgbm1 | libgbm'])
    expect(parsed.fields).toMatchObject({ t: 'deb', architecture: 'amd64', package: 'out/a.deb', version: '1.2.3' })
    expect(parsed.files).toEqual([
      { from: 'release/linux-unpacked/', to: '/opt/Shoal' },
      { from: 'a=b.png', to: '/usr/share/icons/a.png' },
    ])
  })

  it('refuses what it does not know, rather than leave it out of the package', () => {
    expect(() => parseArguments(['-x', 'y'])).toThrow('unknown option of fpm: -x')
  })
})

describe('controlFile', () => {
  it('writes the fields of deb-control(5), without empty ones', () => {
    expect(controlFile({ ...parseArguments(ARGUMENTS), installedKiB: 42 })).toBe(
      [
        'Package: shoal',
        'Version: 1.2.3',
        'Architecture: amd64',
        'Maintainer: Us <us@example.org>',
        'Installed-Size: 42',
        'Depends: libnss3, libgbm1 | libgbm',
        'Section: utils',
        'Priority: optional',
        'Homepage: https://example.org',
        'Description: Short',
        ' Longer, with a word.',
        '',
      ].join('\n'),
    )
  })
})
