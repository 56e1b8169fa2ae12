import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What in a package made now would not be the official build: such a package is for trying out, never for a release.
 *
 * @param {string} root the checkout
 * @returns {string[]} in words; empty when everything is official
 */
export function unofficialParts(root) {
  const folder = join(root, 'node_modules', 'electron')
  const wanted = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  const runtime = runtimeVersion(root)
  const nats = JSON.parse(readFileSync(join(root, 'vendor', 'nats-server', 'origin.json'), 'utf8'))
  return [
    ...(runtime === wanted ? [] : [`Electron ${runtime}, a stand-in for ${wanted}`]),
    ...(nats.kind === 'official' ? [] : [`nats-server ${nats.version}, from ${nats.from}`]),
  ]
}

/**
 * @param {string} root the checkout
 * @returns {string} version of the Electron runtime in node_modules
 */
export function runtimeVersion(root) {
  return readFileSync(join(root, 'node_modules', 'electron', 'dist', 'version'), 'utf8')
    .trim()
    .replace(/^v/, '')
}
