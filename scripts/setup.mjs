// Brings a fresh checkout to where Shoal can be built, run and tested. Node's own modules only: it runs before node_modules exists.
import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { say, SetupError } from './setup/report.mjs'

const OLDEST_NODE = [20, 19]
const USAGE = `usage: node scripts/setup.mjs [--no-electron] [--display] [--official] [--quiet]
  --no-electron   only what the command line needs: no Electron runtime, no libraries for it
  --display       also a virtual display, for tests
  --official      try the official Electron again where the stand-in is in use
  --quiet         say nothing when nothing is missing`

/**
 * Sees that everything Shoal needs is there: idempotent, and quick when nothing is missing.
 *
 * @param {{electron?: boolean, display?: boolean, official?: boolean, quiet?: boolean}} [options] `electron`: the runtime and its libraries
 *   (default true); `display`: also a virtual display for tests; `official`: retry the official Electron; `quiet`: no closing line
 */
export async function setUp({ electron = true, display = false, official = false, quiet = false } = {}) {
  checkNode(process.versions.node)
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const { ensureNpmDependencies } = await import('./setup/npm-dependencies.mjs')
  const done = [`node ${process.versions.node}`, await ensureNpmDependencies(root)]
  const { ensureNatsServer } = await import('./setup/nats-server.mjs')
  done.push(await ensureNatsServer(root))
  if (electron) {
    const { ensureElectronRuntime } = await import('./setup/electron-runtime.mjs')
    const { ensureElectronLibraries } = await import('./setup/system-packages.mjs')
    done.push(await ensureElectronRuntime(root, { official }))
    const folder = join(root, 'node_modules', 'electron')
    await ensureElectronLibraries(join(folder, 'dist', await readFile(join(folder, 'path.txt'), 'utf8')))
  }
  if (display) {
    const { ensureVirtualDisplay } = await import('./setup/system-packages.mjs')
    await ensureVirtualDisplay()
  }
  if (!quiet) say(`all there: ${done.join(', ')}`)
}

/**
 * Refuses a Node.js that is too old, by name: what would fail later, deep in a library, fails here.
 *
 * @param {string} version like `20.20.2`
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new SetupError(
    `Node.js ${version} is too old: Shoal needs ${OLDEST_NODE.join('.')} or newer`,
    'install a current Node.js (https://nodejs.org), then: npm run setup',
  )
}

/**
 * Runs a step of a script; what set-up cannot get is told in two lines, everything else is a bug and keeps its stack.
 *
 * @param {() => Promise<void>} step
 */
export async function orExplain(step) {
  try {
    await step()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`MISSING: ${error.message}`)
    say(`type:    ${error.hint}`)
    process.exit(1)
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const flags = new Set(process.argv.slice(2))
  const unknown = [...flags].find((flag) => !['--no-electron', '--display', '--official', '--quiet'].includes(flag))
  if (unknown !== undefined) {
    process.stderr.write(`${unknown === '--help' ? '' : `unknown option ${unknown}\n`}${USAGE}\n`)
    process.exit(unknown === '--help' ? 0 : 2)
  }
  await orExplain(() =>
    setUp({ electron: !flags.has('--no-electron'), display: flags.has('--display'), official: flags.has('--official'), quiet: flags.has('--quiet') }),
  )
}
