// Builds what is older than its sources: node scripts/build.mjs [--force] [core] [app] [renderer]
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fingerprint, readStamp } from './build/freshness.mjs'
import { parts } from './build/parts.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * Builds the parts of Shoal that are older than their sources. One that fails does not keep the others from being built.
 *
 * @param {{only?: readonly import('./build/parts.mjs').PartName[], force?: boolean}} [options]
 * @returns {Promise<boolean>} whether everything asked for is built now; what failed has been said on stderr
 */
export async function buildWhatChanged({ only = ['core', 'app', 'renderer'], force = false } = {}) {
  let whole = true
  for (const name of only) {
    const now = fingerprint(root, parts[name].inputs)
    if (!force && isBuilt(name, now)) continue
    const started = Date.now()
    try {
      await buildPart(name, now)
      process.stderr.write(`build: ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
    } catch (error) {
      whole = false
      process.stderr.write(`build: ${name} FAILED: ${error instanceof Error ? error.message : error}\n`)
    }
  }
  return whole
}

/**
 * @param {import('./build/parts.mjs').PartName} name
 * @returns {boolean} whether dist/ holds what the sources say now
 */
export function isFresh(name) {
  return isBuilt(name, fingerprint(root, parts[name].inputs))
}

function isBuilt(name, now) {
  const stamp = readStamp(stampOf(name))
  return stamp !== undefined && stamp.fingerprint === now && stamp.files.every((file) => existsSync(join(root, parts[name].output, file)))
}

function stampOf(name) {
  return join(root, 'dist', `.${name}.json`)
}

async function buildPart(name, now) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { output, hashed } = parts[name]
  const fresh = join(root, 'dist', `.fresh-${name}-${process.pid}`)
  mkdirSync(fresh, { recursive: true })
  dropLeftovers()
  try {
    const builders = { ...(await import('./build/node-side.mjs')), ...(await import('./build/renderer.mjs')) }
    const builder = { core: builders.buildCore, app: builders.buildApp, renderer: builders.buildRenderer }[name]
    await builder({ root, outDir: fresh, version })
    const { publish } = await import('./build/publish.mjs')
    publish({ fresh, output: join(root, output), hashed, stampFile: stampOf(name), fingerprint: now })
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** What builds that were killed left behind. */
function dropLeftovers() {
  for (const folder of readdirSync(join(root, 'dist'))) {
    const pid = /^\.fresh-\w+-(\d+)$/.exec(folder)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(root, 'dist', folder), { recursive: true, force: true })
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2)
  const named = /** @type {import('./build/parts.mjs').PartName[]} */ (args.filter((arg) => arg in parts))
  const unknown = args.find((arg) => !(arg in parts) && arg !== '--force')
  if (unknown !== undefined) {
    process.stderr.write('usage: node scripts/build.mjs [--force] [core] [app] [renderer]\n')
    process.exit(2)
  }
  if (!(await buildWhatChanged({ ...(named.length > 0 && { only: named }), force: args.includes('--force') }))) process.exit(1)
}
