// Loads every bundle once, so that V8 compiles what its top level needs, and writes the cache beside it.
// usage: node record-code-cache.cjs FOLDER PREFIX HOME FLAG
'use strict'
const { readdirSync, readFileSync, writeFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { join, resolve } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const { Script } = require('node:vm')

setFlagsFromString(process.argv[5])
const folder = resolve(process.argv[2])
const prefix = process.argv[3]
const home = resolve(process.argv[4])
const requireFromThere = createRequire(join(folder, 'anything.js'))
const modules = new Map()
const scripts = new Map()

function load(name, { run }) {
  const known = modules.get(name)
  if (known !== undefined) return known.exports
  const module = { exports: {} }
  modules.set(name, module)
  const script = new Script(wrap(readFileSync(join(folder, name), 'utf8')), { filename: `${home}/${name}` })
  scripts.set(name, script)
  const requireBundled = (id) => (id.startsWith('./') ? load(id.slice(2), { run }) : requireFromThere(id))
  if (run) script.runInThisContext()(module.exports, requireBundled, module, `${home}/${name}`, home)
  return module.exports
}

const bundles = readdirSync(folder).filter((name) => name.startsWith(prefix) && name.endsWith('.js'))
// An entry is a program: it is compiled, not run.
for (const name of bundles) load(name, { run: !name.startsWith(`${prefix}entry-`) })
for (const [name, script] of scripts) writeFileSync(`${join(folder, name)}.v8-${process.versions.v8}`, script.createCachedData())
process.exit(0)
