// Loads every bundle once, so that V8 compiles what its top level needs, and writes the cache beside it.
// usage: node record-code-cache.cjs FOLDER PREFIX
'use strict'
const { readdirSync, readFileSync, writeFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { join, resolve } = require('node:path')
const { constants, Script } = require('node:vm')

const folder = resolve(process.argv[2])
const prefix = process.argv[3]
const requireFromThere = createRequire(join(folder, 'anything.js'))
const modules = new Map()
const scripts = new Map()

function load(name, { run }) {
  const known = modules.get(name)
  if (known !== undefined) return known.exports
  const module = { exports: {} }
  modules.set(name, module)
  const filename = join(folder, name)
  const script = new Script(wrap(readFileSync(filename, 'utf8')), { filename, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER })
  scripts.set(filename, script)
  const requireBundled = (id) => (id.startsWith('./') ? load(id.slice(2), { run }) : requireFromThere(id))
  if (run) script.runInThisContext()(module.exports, requireBundled, module, filename, folder)
  return module.exports
}

const bundles = readdirSync(folder).filter((name) => name.startsWith(prefix) && name.endsWith('.js'))
// An entry is a program: it is compiled, not run.
for (const name of bundles) load(name, { run: !name.startsWith(`${prefix}entry-`) })
for (const [filename, script] of scripts) writeFileSync(`${filename}.v8-${process.versions.v8}`, script.createCachedData())
process.exit(0)
