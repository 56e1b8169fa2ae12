import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const RECORDING_MS = 20_000
/**
 * What every process of ours runs V8 with: of what is in use, 40 % more may lie there as garbage before all of it is collected. Left alone, V8 lets a
 * heap become several times as large. Set by the entries and not by what they load, since V8 refuses a cache that was recorded under other flags.
 */
const HEAP_FLAG = '--heap-growing-percent=40'

/**
 * Writes the entries that people and Shoal itself run (`cli.js`, `node.js`, `gate.js`): a loader that names the bundle and bounds the heap.
 *
 * @param {string} outDir a finished build
 * @param {string} prefix of the bundles' names
 */
export function writeEntries(outDir, prefix) {
  const loader = readFileSync(join(HERE, 'entry-loader.cjs'), 'utf8').replace('HEAP_FLAG', HEAP_FLAG)
  for (const file of readdirSync(outDir)) {
    const entry = new RegExp(`^${prefix}entry-(.+)-[\\w-]{8}\\.js$`).exec(file)
    if (entry !== null) writeFileSync(join(outDir, `${entry[1]}.js`), `${loader}\nload('${file}')\n`)
  }
}

/**
 * Records V8's code cache of every bundle in a folder, for the Node that runs the build. It is a matter of speed alone: where it fails,
 * the bundles run without.
 *
 * @param {string} outDir a finished build
 * @param {string} prefix of the bundles' names
 * @param {string} home where the bundles will lie: a cache holds their paths, for stacks
 * @returns {Promise<boolean>} whether it was recorded
 */
export function recordCodeCache(outDir, prefix, home) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(HERE, 'record-code-cache.cjs'), outDir, prefix, home, HEAP_FLAG], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: RECORDING_MS,
    })
    child.on('error', () => resolve(false))
    child.on('close', (code) => resolve(code === 0))
  })
}
