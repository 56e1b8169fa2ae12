import { existsSync } from 'node:fs'
import { join } from 'node:path'

const ALWAYS = ['package.json', 'package-lock.json', 'scripts/build', 'shared']

/**
 * What is built on its own: `core` is the command line, the role host and the gate; `app` is Electron's main and preload; `renderer` the window.
 * `hashed` begins the names of the output's files that carry a hash, so that builds follow each other without touching them. Bundles for Node
 * lie flat in dist/, so that `__dirname` is dist/ in all of them.
 *
 * @typedef {'core' | 'app' | 'renderer'} PartName
 * @type {Record<PartName, {inputs: readonly string[], output: string, hashed: string}>}
 */
export const parts = {
  core: { inputs: [...ALWAYS, 'electron'], output: 'dist', hashed: 'core.' },
  app: { inputs: [...ALWAYS, 'electron'], output: 'dist', hashed: 'app.' },
  renderer: { inputs: [...ALWAYS, 'renderer'], output: 'dist/renderer', hashed: 'assets/' },
}

const CORE_ENTRIES = {
  cli: 'electron/cli.ts',
  node: 'electron/node.ts',
  gate: 'electron/gate.ts',
  wasm: 'electron/wasm.ts',
  'wasm-worker': 'electron/wasm-worker.ts',
}
const MAIN_ENTRY = { main: 'electron/main.ts' }
const PRELOAD_ENTRY = { preload: 'electron/preload.ts' }

/** Entries that share chunks, by part. */
export const entriesOf = { core: CORE_ENTRIES, app: MAIN_ENTRY, preload: PRELOAD_ENTRY }

/**
 * @param {string} root the checkout
 * @param {Record<string, string>} entries name of the output (without `.js`) → source
 * @returns {Record<string, string>} those that exist, with absolute paths
 */
export function present(root, entries) {
  const found = Object.entries(entries).filter(([, source]) => existsSync(join(root, source)))
  return Object.fromEntries(found.map(([name, source]) => [name, join(root, source)]))
}
