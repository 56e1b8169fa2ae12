// Reads the command line `electron [-r module] [folder or script]` for the stand-in runtime, as Electron's own default app does.
const { app } = require('electron')
const { existsSync, readFileSync, statSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join, resolve } = require('node:path')

const preloads = []
let target
const args = process.argv.slice(1)
for (let at = 0; at < args.length; at += 1) {
  const arg = args[at]
  if (arg === '--version' || arg === '-v') {
    process.stdout.write(`v${process.versions.electron}\n`)
    process.exit(0)
  } else if (arg === '-r' || arg === '--require') {
    at += 1
    preloads.push(args[at])
  } else if (!arg.startsWith('-')) {
    target = resolve(arg)
    break
  }
}

process.defaultApp = true

if (target === undefined || !existsSync(target)) {
  process.stderr.write(`electron: ${target === undefined ? 'name a folder or a script to run' : `there is no ${target}`}\n`)
  process.exit(1)
}

const requireFromHere = createRequire(join(process.cwd(), 'from-here.js'))
for (const preload of preloads) requireFromHere(preload)

if (statSync(target).isDirectory()) {
  const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'))
  app.setName(manifest.productName ?? manifest.name)
  app.setVersion(manifest.version ?? '')
  if (manifest.desktopName !== undefined) app.setDesktopName(manifest.desktopName)
  app.setAppPath(target)
  require(resolve(target, manifest.main ?? 'index.js'))
} else {
  require(target)
}
