import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Names the state of a build's inputs by path, size and time of change: no file is read, so that `npx shoal` can ask at every start.
 *
 * @param {string} root the checkout
 * @param {readonly string[]} inputs files and folders, relative to the root; ones that do not exist count as such
 * @returns {string} a hash
 */
export function fingerprint(root, inputs) {
  const hash = createHash('sha1')
  for (const input of inputs) add(hash, root, input)
  return hash.digest('hex')
}

/**
 * @param {string} stampFile written by the last build
 * @returns {{fingerprint: string, files: string[]} | undefined} undefined when there was none
 */
export function readStamp(stampFile) {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return undefined // Missing or damaged: what was built is then built anew.
  }
}

function add(hash, root, path) {
  const full = join(root, path)
  const stat = statSync(full, { throwIfNoEntry: false })
  if (stat === undefined) hash.update(`${path} none\n`)
  else if (stat.isDirectory()) for (const name of readdirSync(full).sort()) add(hash, root, `${path}/${name}`)
  else hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`)
}
