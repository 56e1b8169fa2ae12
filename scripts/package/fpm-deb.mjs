#!/usr/bin/env node
// Stands in for fpm, which electron-builder would download: makes a Debian package with dpkg-deb from the arguments that electron-builder
// gives to fpm (https://fpm.readthedocs.io). Only `-s dir -t deb`.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { controlFile, parseArguments } from './fpm-arguments.mjs'

const { fields, depends, recommends, files } = parseArguments(process.argv.slice(2))
if (fields.t !== 'deb') throw new Error(`this stand-in for fpm makes Debian packages only, not ${fields.t}`)

const stage = mkdtempSync(join(tmpdir(), 'shoal-deb-'))
try {
  for (const { from, to } of files) place(resolve(from), join(stage, to), from.endsWith('/'))
  openToAll(stage)
  const control = join(stage, 'DEBIAN')
  mkdirSync(control)
  writeFileSync(join(control, 'control'), controlFile({ fields, depends, recommends, installedKiB: Math.ceil(bytesUnder(stage) / 1024) }))
  for (const [option, name] of [
    ['after-install', 'postinst'],
    ['after-remove', 'postrm'],
  ]) {
    if (fields[option] !== undefined) writeFileSync(join(control, name), readFileSync(fields[option]), { mode: 0o755 })
  }
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${fields['deb-compression'] ?? 'xz'}`, '--build', stage, fields.package], { stdio: 'inherit' })
} finally {
  rmSync(stage, { recursive: true, force: true })
}

/** `folder/=/where` puts the folder's contents there; `file=/where` the file. */
function place(from, to, contents) {
  mkdirSync(contents ? to : dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
}

/** The builder's umask is no matter of the package: everybody may read, and run what its owner may run. */
function openToAll(path) {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return
  chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644)
  if (stat.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name))
}

function bytesUnder(path) {
  const stat = lstatSync(path)
  if (!stat.isDirectory()) return stat.isSymbolicLink() ? 0 : statSync(path).size
  return readdirSync(path).reduce((sum, name) => sum + bytesUnder(join(path, name)), 0)
}
