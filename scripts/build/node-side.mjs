import { join } from 'node:path'
import { build } from 'vite'
import { recordCodeCache, writeEntries } from './code-cache.mjs'
import { entriesOf, parts, present } from './parts.mjs'

/** Never bundled: the module that Electron itself provides. Node's own modules are external in any case. */
const EXTERNAL = ['electron']

/** Loads the native binary of `classic-level`, which lies beside it. What is JavaScript of that package is some thirty files: they are bundled. */
const NATIVE = 'classic-level/binding.js'
const nativeBinding = {
  name: 'native-binding',
  enforce: /** @type {const} */ ('pre'),
  /** @type {import('vite').Plugin['resolveId']} */
  resolveId: (source, importer) =>
    source === './binding' && /[\\/]classic-level[\\/][\w-]+\.js$/.test(importer ?? '') ? { id: NATIVE, external: true } : null,
}

/** Smaller to read and parse; names stay as they are written, so that stacks and class names in logs mean something. */
const MINIFY = { compress: true, mangle: false, codegen: { removeWhitespace: true } }

/**
 * Bundles the command line, the role host and the gate as CommonJS for Node 20, with a chunk for every dynamic import.
 *
 * @param {{root: string, outDir: string, version: string}} options
 */
export async function buildCore(options) {
  const prefix = parts.core.hashed
  await bundle(options, entriesOf.core, { entryFileNames: `${prefix}entry-[name]-[hash].js`, chunkFileNames: `${prefix}[name]-[hash].js` })
  writeEntries(options.outDir, prefix)
  await recordCodeCache(options.outDir, prefix, join(options.root, parts.core.output))
}

/**
 * Bundles Electron's main and preload.
 *
 * @param {{root: string, outDir: string, version: string}} options
 */
export async function buildApp(options) {
  await bundle(options, entriesOf.app, { chunkFileNames: `${parts.app.hashed}[name]-[hash].js` })
  // A sandboxed preload can require nothing of ours: everything goes into one file.
  await bundle(options, entriesOf.preload, { codeSplitting: false })
}

async function bundle({ root, outDir, version }, entries, output) {
  const input = present(root, entries)
  if (Object.keys(input).length === 0) return
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    define: { __SHOAL_VERSION__: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
    plugins: [nativeBinding],
    ssr: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: false,
      reportCompressedSize: false,
      rollupOptions: {
        preserveEntrySignatures: 'strict',
        input,
        external: EXTERNAL,
        output: { format: 'cjs', dynamicImportInCjs: false, exports: 'auto', entryFileNames: '[name].js', minify: MINIFY, ...output },
      },
    },
  })
}
