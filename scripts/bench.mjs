// `npm run bench`: runs test/bench/*.bench.{ts,mjs}, prints one table and writes bench-results/<time>.json.
//   NAME...   only benchmarks whose file name holds one of these words
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { table } from './bench/results.mjs'
import { loadBenchmark } from './bench/load-benchmark.mjs'
import { buildWhatChanged } from './build.mjs'
import { orExplain, setUp } from './setup.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const words = process.argv.slice(2)
const files = readdirSync(join(root, 'test', 'bench'))
  .filter((file) => /\.bench\.(ts|mjs)$/.test(file) && (words.length === 0 || words.some((word) => file.includes(word))))
  .sort()

await orExplain(() => setUp({ display: true, quiet: true }))
if (!(await buildWhatChanged())) process.exit(1)

/** @type {import('./bench/results.mjs').Measured[]} */
const results = []
let broken = 0
for (const file of files) {
  process.stderr.write(`bench: ${file} …\n`)
  try {
    const measure = await loadBenchmark(pathToFileURL(join(root, 'test', 'bench', file)))
    results.push(...(await measure({ root, bacalhau: process.env.BACALHAU_BIN })))
  } catch (error) {
    broken += 1
    process.stderr.write(`bench: ${file} FAILED: ${error instanceof Error ? error.stack : error}\n`)
  }
}

process.stdout.write(`${table(results)}\n`)
const folder = join(root, 'bench-results')
mkdirSync(folder, { recursive: true })
const path = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`)
const machine = { cpus: cpus().length, model: cpus()[0]?.model, memoryBytes: totalmem(), node: process.version, platform: process.platform }
writeFileSync(path, `${JSON.stringify({ machine, results }, null, 2)}\n`)
process.stderr.write(`bench: written to ${path}\n`)
process.exit(broken > 0 || results.some((result) => result.met === false) ? 1 : 0)
