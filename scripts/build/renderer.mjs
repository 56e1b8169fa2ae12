import { existsSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

/**
 * Bundles the window for the Chromium of Electron 33 and newer. Nothing is inlined: the content policy allows no inline script or
 * style, and no `data:` addresses.
 *
 * @param {{root: string, outDir: string, version: string}} options
 */
export async function buildRenderer({ root, outDir, version }) {
  const source = join(root, 'renderer')
  if (!existsSync(join(source, 'index.html'))) return
  await build({
    configFile: false,
    root: source,
    base: './',
    logLevel: 'warn',
    publicDir: false,
    plugins: [react()],
    define: { __SHOAL_VERSION__: JSON.stringify(version) },
    css: { modules: { localsConvention: 'camelCaseOnly' } },
    build: {
      target: 'chrome130',
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1500,
    },
  })
}
