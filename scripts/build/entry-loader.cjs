// Becomes dist/cli.js, dist/node.js and dist/gate.js: runs the bundle named at the end of this file through V8's code cache, which
// saves most of the time that compiling it takes. A cache that is missing, or of another V8, only means that the source is compiled.
// What is bundled must not use `import()` itself, which a cached script cannot: the bundler writes `require` for it.
'use strict'
const { readFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { setFlagsFromString } = require('node:v8')
const { Script } = require('node:vm')

// Before anything is loaded: a cache is taken only under the very flags that it was recorded with.
setFlagsFromString('HEAP_FLAG')

const requireFromHere = createRequire(__filename)
const modules = new Map()

function requireBundled(id) {
  return id.startsWith('./') ? load(id.slice(2)) : requireFromHere(id)
}

function load(name) {
  const known = modules.get(name)
  if (known !== undefined) return known.exports
  const module = { exports: {} }
  modules.set(name, module)
  const filename = `${__dirname}/${name}`
  const source = wrap(readFileSync(filename, 'utf8'))
  const script = new Script(source, { filename, cachedData: cacheOf(filename) })
  script.runInThisContext()(module.exports, requireBundled, module, filename, __dirname)
  return module.exports
}

function cacheOf(filename) {
  try {
    return readFileSync(`${filename}.v8-${process.versions.v8}`)
  } catch {
    return undefined // Made for another Node.js, or for none: the source is compiled.
  }
}
