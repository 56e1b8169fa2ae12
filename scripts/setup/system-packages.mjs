import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { say, SetupError } from './report.mjs'
import { run } from './run.mjs'

/** Debian's packages that Electron needs and a bare machine lacks; the rest comes with them. From Debian 13 on some carry another name. */
const ELECTRON_PACKAGES = [['libgtk-3-0t64', 'libgtk-3-0'], ['libasound2t64', 'libasound2'], ['libnss3'], ['libgbm1']]

/**
 * Sees that the system has the shared libraries that a program links to. Only on Linux: elsewhere Electron brings what it needs.
 *
 * @param {string} program the Electron runtime
 */
export async function ensureElectronLibraries(program) {
  if (process.platform !== 'linux') return
  const before = await missingLibraries(program)
  if (before.length === 0) return
  const packages = await Promise.all(ELECTRON_PACKAGES.map((names) => knownName(names)))
  const refusal = await installPackages(packages, `Electron lacks ${before.join(', ')}`)
  const after = refusal === undefined ? await missingLibraries(program) : before
  if (after.length > 0) {
    throw new SetupError(
      `Electron cannot run here: the libraries ${after.join(', ')} are missing${refusal === undefined ? '' : ` (${refusal})`}`,
      aptLine(packages),
    )
  }
}

/** Sees that tests can have a virtual display. */
export async function ensureVirtualDisplay() {
  if (process.platform !== 'linux') return
  const packages = [
    ['Xvfb', 'xvfb'],
    ['xauth', 'xauth'],
  ].flatMap(([program, name]) => (onPath(program) ? [] : [name]))
  if (packages.length === 0) return
  const refusal = await installPackages(packages, 'the virtual display for tests')
  if (refusal !== undefined)
    throw new SetupError(`no virtual display for the tests: ${packages.join(' and ')} missing (${refusal})`, aptLine(packages))
}

/**
 * Installs Debian packages, when we are root and there is apt.
 *
 * @param {readonly string[]} packages
 * @param {string} why shown on the terminal
 * @returns {Promise<string | undefined>} why it was not done, or undefined
 */
export async function installPackages(packages, why) {
  if (!onPath('apt-get')) return 'this system has no apt-get'
  if (process.getuid?.() !== 0) return 'only root may install them'
  say(`${why}: installing ${packages.join(' ')} with apt-get …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env })
  if ((await install()).code === 0) return undefined
  // A bare machine has no package lists yet, an old one has stale ones.
  await run('apt-get', ['update'], { env })
  const result = await install()
  if (result.code === 0) return undefined
  return `apt-get failed: ${result.output.trim().split('\n').at(-1)}`
}

/**
 * @param {string} program
 * @returns {boolean} whether PATH has it
 */
export function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)))
}

function aptLine(packages) {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo '
  return `${sudo}apt-get update && ${sudo}apt-get install -y ${packages.join(' ')}`
}

async function missingLibraries(program) {
  const { output } = await run('ldd', [program])
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1])
}

/** The first of several names for one package that this release of Debian knows. */
async function knownName(names) {
  for (const name of names.slice(0, -1)) {
    const { output } = await run('apt-cache', ['policy', name])
    if (/Candidate: \d/.test(output)) return name
  }
  return names.at(-1)
}
