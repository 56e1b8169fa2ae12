import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { say, SetupError } from './report.mjs'
import { runNpm } from './run.mjs'

/**
 * Installs what package-lock.json names, when node_modules does not hold it already.
 *
 * @param {string} root the checkout
 * @returns {Promise<string>} what stands now, for the closing line
 */
export async function ensureNpmDependencies(root) {
  const lock = await readJson(join(root, 'package-lock.json'))
  if (lock === undefined) throw new SetupError('package-lock.json is missing or unreadable', 'git checkout package-lock.json')
  const installed = await readJson(join(root, 'node_modules', '.package-lock.json'))
  const wrong = installed === undefined ? 'node_modules is missing' : firstDifference(lock.packages, installed.packages)
  if (wrong === undefined) return 'npm packages'
  say(`npm packages: ${wrong}, running npm ci …`)
  const result = await runNpm(['ci', '--no-audit', '--no-fund'], { cwd: root })
  if (result.code !== 0) {
    process.stderr.write(result.output)
    throw new SetupError('npm ci failed (its output is above): the npm packages are not complete', 'npm ci')
  }
  return 'npm packages'
}

/**
 * Compares the lock file with npm's own record of what it installed (`node_modules/.package-lock.json`, written last).
 *
 * @param {Record<string, {version?: string, optional?: boolean, link?: boolean}>} wanted
 * @param {Record<string, {version?: string}>} present
 * @returns {string | undefined} the first difference in words; undefined when there is none. Optional packages of other platforms may be absent.
 */
export function firstDifference(wanted, present) {
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    if (path === '' || link) continue
    const found = present[path]
    if (found === undefined) {
      if (!optional) return `${path} is not installed`
    } else if (found.version !== version) {
      return `${path} is ${found.version}, wanted ${version}`
    }
  }
  for (const path of Object.keys(present)) {
    if (!(path in wanted)) return `${path} is no longer wanted`
  }
  return undefined
}

async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined // Missing or damaged: npm installs what belongs there.
  }
}
