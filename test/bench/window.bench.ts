import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { judged, percentile, type Measured } from '../../scripts/bench/results.mjs'
import { startVirtualDisplay } from '../../scripts/check/virtual-display.mjs'
import { ask, freePorts, inFreshWorld, orchestratorArgs, shoalIn, until, type World } from './cluster-processes'

const ROUNDS = 3
const KILLS = 2
/** Expressions for the page, which its content policy keeps from being polled: whether the API of the first cluster answers. */
const answers = `window.shoal.call('clusters.list', undefined).then(({ value: [first] }) =>
  first?.phase.kind === 'running' || (first?.phase.steps ?? []).some(({ name, status }) => name === 'api' && status === 'done'))`
/** Resolves as soon as the row of the compute node says something else than that it is connected. */
const leavesConnected = `new Promise((resolve) => {
  const isGone = () => [...document.querySelectorAll('[role=row]')].some(({ textContent }) => textContent.includes('tidepool-a') && !textContent.includes('Connected'))
  new MutationObserver((_, observer) => {
    if (!isGone()) return
    observer.disconnect()
    resolve()
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
})`
/** How long the processes are left alone before their memory is read, in milliseconds. */
const SETTLE_MS = 5000

/** The window beside an empty Electron app of the same runtime, in the same run: start, memory, a click, a crash. */
export async function measure({ root }: { readonly root: string }): Promise<readonly Measured[]> {
  const display = await startVirtualDisplay()
  try {
    return await inFreshWorld('window', (world) => measureOn(display.display, root, world))
  } finally {
    display.stop()
  }
}

async function measureOn(display: string, root: string, world: World): Promise<readonly Measured[]> {
  const { home } = world
  const environment = (data: string): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    DISPLAY: display,
    SHOAL_USER_DATA: data,
  })
  const open = (app: string, data: string): Promise<ElectronApplication> =>
    _electron.launch({ args: process.getuid?.() === 0 ? ['--no-sandbox', app] : [app], cwd: app, env: environment(data) })
  const empty = await emptyApp(home)
  const data = join(home, 'data')
  const first = await open(root, data)
  const page = await first.firstWindow()
  const clicked = performance.now()
  await page.getByRole('button', { name: /^Start (cluster|on port)/ }).click()
  while (!(await page.evaluate<boolean>(answers))) await sleep(2)
  const ready = performance.now() - clicked
  await connected(page)
  const crashes: number[] = []
  for (let round = 0; round < KILLS; round += 1) crashes.push(await crash(page))
  await sleep(SETTLE_MS)
  const pss = await memoryOf(first)
  await first.close()

  // A cluster that is there already, so that the start of the app is measured and not that of a cluster.
  const ports = await freePorts()
  world.serve(shoalIn(root), orchestratorArgs(join(home, 'orchestrator'), ports))
  await until(async () => (await ask(ports.api, '/api/v1/agent/alive')) !== undefined)
  const attached = join(home, 'attached')
  const second = await open(root, attached)
  await (await second.firstWindow()).evaluate(`window.shoal.call('clusters.attach', { url: 'http://127.0.0.1:${ports.api}' })`)
  await second.close()

  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    // Turn by turn, so that both see the same load of the machine.
    theirs.push(await timeOf(empty, join(home, 'empty'), async (opened) => (await opened.firstWindow()).getByText('Empty').waitFor()))
    ours.push(await timeOf(root, attached, async (opened) => (await opened.firstWindow()).getByRole('grid').getByRole('row').nth(1).waitFor()))
  }
  const bare = await open(empty, join(home, 'empty'))
  await (await bare.firstWindow()).getByText('Empty').waitFor()
  await sleep(SETTLE_MS)
  const emptyPss = await memoryOf(bare)
  await bare.close()
  return [
    judged({ name: 'click on Start cluster → orchestrator ready', unit: 'ms', value: ready, limit: { of: 'value', most: 1000 } }),
    judged({ name: 'node kill -9 → on screen, worst', unit: 'ms', value: percentile(crashes, 1), limit: { of: 'value', most: 250 } }),
    judged({
      name: 'cold start → node list painted',
      unit: 'ms',
      value: percentile(ours, 0.5),
      peer: { name: 'empty app', value: percentile(theirs, 0.5) },
      limit: { of: 'ratio', most: 2 },
    }),
    judged({
      name: 'memory (PSS), one orchestrator and one node',
      unit: 'MiB',
      value: pss,
      peer: { name: 'empty app', value: emptyPss },
      limit: { of: 'ratio', most: 1.8 },
    }),
  ]

  async function timeOf(app: string, data: string, painted: (opened: ElectronApplication) => Promise<void>): Promise<number> {
    const began = performance.now()
    const opened = await open(app, data)
    await painted(opened)
    const took = performance.now() - began
    await opened.close()
    return took
  }
}

async function emptyApp(home: string): Promise<string> {
  const folder = await mkdtemp(join(home, 'app-'))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.js' }))
  const main = `const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800, webPreferences: { sandbox: true } }).loadURL('data:text/html,<p>Empty</p>'))
app.on('window-all-closed', () => app.quit())
`
  await writeFile(join(folder, 'main.js'), main)
  return folder
}

const computeRow = (page: Page) => page.getByRole('grid').getByRole('row').filter({ hasText: 'tidepool-a' })

async function connected(page: Page): Promise<void> {
  await computeRow(page).filter({ hasText: 'Connected' }).waitFor()
}

/** Milliseconds from the death of the node's process to the first other word in its row. */
async function crash(page: Page): Promise<number> {
  const pid = await page.evaluate<number>(
    `window.shoal.call('clusters.list', undefined).then(({ value }) => value[0].localNodes.find(({ role }) => role === 'compute').state.pid)`,
  )
  const gone = page.evaluate(leavesConnected)
  const began = performance.now()
  process.kill(pid, 'SIGKILL')
  await gone
  const took = performance.now() - began
  await connected(page)
  return took
}

/** Proportional set size of an app and of all that it has started, in MiB. */
async function memoryOf(app: ElectronApplication): Promise<number> {
  const parents = new Map<number, number>()
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '')
    parents.set(Number(entry), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0))
  }
  const isOurs = (pid: number): boolean => pid === app.process().pid || (parents.has(pid) && isOurs(parents.get(pid) ?? 0))
  let kib = 0
  for (const pid of parents.keys()) {
    if (!isOurs(pid)) continue
    const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kib += Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? 0)
  }
  return kib / 1024
}
