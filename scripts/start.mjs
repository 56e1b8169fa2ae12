// `npm start`: set-up, build, and the window; where no window can be shown, the same cluster in the terminal.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWhatChanged } from './build.mjs'
import { whyNoDisplay } from './launch/display.mjs'
import { endWithNpm } from './launch/parent-watch.mjs'
import { orExplain, setUp } from './setup.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)

const noDisplay = await whyNoDisplay(process.env, process.platform)
await orExplain(() => setUp({ electron: noDisplay === undefined }))
if (!(await buildWhatChanged({ only: noDisplay === undefined ? ['core', 'app', 'renderer'] : ['core'] }))) process.exit(1)
if (noDisplay === undefined) openWindow()
else bringUpInTerminal(noDisplay)

function bringUpInTerminal(why) {
  process.stderr.write(
    `start: ${why}, so no window: bringing up the same cluster, open to this machine only, in this terminal (shoal up --local). Ctrl-C takes it down.\n`,
  )
  process.argv = [process.execPath, join(root, 'dist', 'cli.js'), 'up', '--local', ...args]
  createRequire(import.meta.url)(process.argv[1])
}

function openWindow() {
  const folder = join(root, 'node_modules', 'electron')
  const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
  // Chromium's sandbox does not work as root; the app says so. Its own complaints (no bus, no graphics card) are of no use on a terminal.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  const flags = [...(asRoot ? ['--no-sandbox'] : []), '--log-level=3']
  const child = spawn(program, [...flags, root, ...args], { stdio: 'inherit', cwd: process.cwd() })
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal))
  // A terminal gives Ctrl-C to the app too, which takes a second one for "at once".
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  endWithNpm(() => child.kill('SIGTERM'))
  child.on('error', (error) => {
    process.stderr.write(`start: ${program} cannot be started: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
}
