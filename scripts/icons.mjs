// Draws resources/icons/* from resources/icons/shoal.svg with the Electron runtime. Run by hand when the mark changes.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startVirtualDisplay } from './check/virtual-display.mjs'
import { ico, icns } from './icons/containers.mjs'

const SIZES = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024]

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'resources', 'icons')
const electron = join(root, 'node_modules', 'electron', 'dist', readFileSync(join(root, 'node_modules', 'electron', 'path.txt'), 'utf8'))
const screen = process.platform === 'linux' ? await startVirtualDisplay() : undefined
const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const script = join(root, 'scripts', 'icons', 'rasterise.cjs')
const { status } = spawnSync(electron, [...flags, script, join(folder, 'shoal.svg'), folder, ...SIZES.map(String)], {
  stdio: 'inherit',
  env: { ...process.env, ...(screen && { DISPLAY: screen.display }) },
})
screen?.stop()
if (status !== 0) process.exit(1)
const pngs = Object.fromEntries(SIZES.map((size) => [size, readFileSync(join(folder, `${size}x${size}.png`))]))
writeFileSync(join(folder, 'shoal.ico'), ico(pngs))
writeFileSync(join(folder, 'shoal.icns'), icns(pngs))
process.exit(0)
