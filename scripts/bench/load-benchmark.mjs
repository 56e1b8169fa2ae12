import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

/**
 * What a benchmark's module exports as `measure`.
 *
 * @typedef {(given: {root: string, bacalhau: string | undefined}) => Promise<readonly import('./results.mjs').Measured[]>} Measure
 */

/**
 * Loads a benchmark. One in TypeScript is bundled first, our own modules that it uses included.
 *
 * @param {URL} url of the module
 * @returns {Promise<Measure>}
 */
export async function loadBenchmark(url) {
  if (!url.pathname.endsWith('.ts')) return (await import(url.href)).measure
  const file = fileURLToPath(url)
  // Inside the checkout, so that what is not bundled is found in its node_modules.
  const cache = join(dirname(file), '..', '..', 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const outDir = await mkdtemp(join(cache, 'shoal-bench-'))
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      ssr: { noExternal: true, external: ['electron', '@playwright/test', 'playwright-core'] },
      build: {
        ssr: true,
        target: 'node20',
        outDir,
        minify: false,
        rollupOptions: { input: file, output: { format: 'es', entryFileNames: 'benchmark.mjs', codeSplitting: false } },
      },
    })
    await writeFile(join(outDir, 'package.json'), '{"type":"module"}')
    return (await import(pathToFileURL(join(outDir, 'benchmark.mjs')).href)).measure
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
}
