import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { LocalNode } from '../../shared/cluster'
import { environment, expect, launchArguments, root, row, startCluster, test, type OpenApp } from './app-fixture'
import { expectWasmJobToRun } from './wasm-job'

async function cluster(app: OpenApp) {
  const [first] = await app.call('clusters.list', undefined)
  if (first === undefined) throw new Error('no cluster')
  return first
}

async function localNode(app: OpenApp, name: string): Promise<LocalNode> {
  const found = (await cluster(app)).localNodes.find((node) => node.name === name)
  if (found === undefined) throw new Error(`no node ${name}`)
  return found
}

async function pidOf(app: OpenApp, name: string): Promise<number> {
  const { state } = await localNode(app, name)
  if (state.kind !== 'running') throw new Error(`${name} is ${state.kind}`)
  return state.pid
}

/** Figures of this run stand in its output; limits that hold on a busy machine are asserted. */
function tell(what: string, ms: number): void {
  process.stdout.write(`    ${what}: ${ms} ms\n`)
}

test('one click brings a cluster up, nodes come and go on screen, and quitting leaves nothing', async ({ desk }) => {
  const app = await desk.open()
  const { page } = app
  await page.evaluate(`(() => {
    window.marks = {}
    addEventListener('click', (event) => { if (/Start (cluster|on port)/.test(event.target.textContent)) marks.clicked ??= Date.now() }, true)
    shoal.listen((name, text) => {
      if (name !== 'clusters.changed') return
      const payload = JSON.parse(text)
      if (payload.length === 0) return
      const [orchestrator, ...rest] = payload[0].localNodes
      if (orchestrator.state.kind === 'running') marks.orchestrator ??= Date.now()
      if (rest.some((node) => node.connection?.kind === 'connected')) marks.joined ??= Date.now()
    })
  })()`)
  await startCluster(app)
  await expect(row(page, 'tidepool')).toContainText('Connected')
  const marks = await page.evaluate<{ readonly clicked: number; readonly orchestrator: number; readonly joined: number }>('marks')
  tell('click → orchestrator ready', marks.orchestrator - marks.clicked)
  tell('click → compute node joined', marks.joined - marks.clicked)
  expect(marks.orchestrator - marks.clicked).toBeLessThan(5_000)

  for (const name of ['tidepool-b', 'tidepool-c', 'tidepool-d']) {
    await page.getByRole('button', { name: 'Add node', exact: true }).click()
    await expect(row(page, name)).toContainText('Connected')
  }

  // The page itself writes down when it shows the death, so that no polling from here blurs the time.
  await page.evaluate(`(() => {
    const grid = document.querySelector('[role=grid]')
    window.seen = new Promise((resolve) => {
      const look = () => {
        const row = [...grid.querySelectorAll('[role=row]')].find((one) => one.textContent.includes('tidepool-c'))
        if (row && /Crashed|lost|Disconnected/.test(row.textContent)) resolve({ at: Date.now(), text: row.textContent })
      }
      new MutationObserver(look).observe(grid, { subtree: true, childList: true, characterData: true })
    })
  })()`)
  const pid = await pidOf(app, 'tidepool-c')
  const killedAt = Date.now()
  process.kill(pid, 'SIGKILL')
  const seen = await page.evaluate<{ readonly at: number; readonly text: string }>('window.seen')
  expect(seen.text).toMatch(/Crashed/)
  tell('kill of a node → screen', seen.at - killedAt)
  expect(seen.at - killedAt).toBeLessThan(1_000)
  await expect(row(page, 'tidepool-c')).toContainText('Connected')

  expect(app.complaints).toEqual([])
  const running = await desk.processes()
  expect(running.length).toBeGreaterThan(6)
  await app.electron.close()
  await expect.poll(() => desk.processes(), { timeout: 6_000 }).toEqual([])
  expect(await desk.temporaryFiles()).toEqual([])
})

test('a node with a wrong token is refused with its reason, which the Access screen shows', async ({ desk }) => {
  const app = await desk.open()
  await startCluster(app)
  const { reach } = await cluster(app)
  const args = [
    'serve',
    '--compute',
    '--name',
    'stranger',
    '--data-dir',
    path.join(desk.data, 'stranger'),
    '-c',
    `Compute.Orchestrators=nats://127.0.0.1:${reach?.port ?? 0}`,
  ]
  const stranger = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...args, '-c', 'API.Port=0'], {
    env: { ...environment(desk.data), SHOAL_COMPUTE_AUTH_TOKEN: 'not-the-token' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [stranger.stdout, stranger.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  try {
    await expect.poll(() => said).toMatch(/refused the token/)
    expect(said).not.toContain('not-the-token')
    await app.page
      .getByRole('link', { name: 'Access' })
      .or(app.page.getByRole('button', { name: 'Access' }))
      .first()
      .click()
    await expect(app.page.getByText('stranger')).toBeVisible()
  } finally {
    stranger.kill('SIGKILL')
  }
})

test('the token is changed on the Access screen, for both roles at once', async ({ desk }) => {
  const app = await desk.open()
  const { page } = app
  await startCluster(app)
  const { id } = await cluster(app)
  const before = (await app.call('access.reveal', { clusterId: id })).token
  await page
    .getByRole('link', { name: 'Access' })
    .or(page.getByRole('button', { name: 'Access' }))
    .first()
    .click()
  await page.getByRole('button', { name: /^Change/ }).click()
  const since = Date.now()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(Set|Change|Apply)/ })
    .click()
  await expect(page.getByRole('dialog')).toBeHidden()
  const after = (await app.call('access.reveal', { clusterId: id })).token
  expect(after).not.toBe(before)
  await expect
    .poll(async () => {
      const { connection } = await localNode(app, 'tidepool-a')
      return connection?.kind === 'connected' && connection.since >= since
    })
    .toBe(true)
})

test('a foreign orchestrator is attached by its address, and shown as it is', async ({ desk }) => {
  const serve = ['serve', '--orchestrator', '--compute', '--name', 'far-away', '--data-dir', path.join(desk.data, 'far-away')]
  const foreign = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...serve, '-c', 'API.Port=0', '-c', 'Orchestrator.Port=0'], {
    env: environment(desk.data),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  foreign.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  try {
    await expect.poll(() => said).toMatch(/http:\/\/127\.0\.0\.1:\d+/)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
    const app = await desk.open()
    const { page } = app
    await page.getByLabel('Address').fill(url)
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('far-away')
    await dialog.getByRole('button', { name: /^Attach / }).click()
    await expect(row(page, 'far-away')).toContainText('Connected')
    expect(await cluster(app)).toMatchObject({ kind: 'attached', apiUrl: url, link: { kind: 'live', feed: 'events' } })

    // It dies: the last that was known stays, marked as old.
    foreign.kill('SIGKILL')
    await expect.poll(async () => (await cluster(app)).link.kind).toBe('stale')
    await expect(row(page, 'far-away')).toBeVisible()
  } finally {
    foreign.kill('SIGKILL')
  }
})

test('an address where nothing answers is not attached, and the reason says so', async ({ desk }) => {
  const app = await desk.open()
  await expect(app.call('clusters.testAttach', { url: 'http://127.0.0.1:9' })).rejects.toThrow(/client\.\w+.*127\.0\.0\.1:9/)
  await expect(app.call('clusters.testAttach', { url: 'nonsense://x' })).rejects.toThrow('client.bad-address')
  expect(await app.call('clusters.list', undefined)).toEqual([])
})

test('clusters are remembered, and start again with their nodes', async ({ desk }) => {
  const first = await desk.open()
  await startCluster(first)
  const before = await cluster(first)
  await first.electron.close()

  const second = await desk.open()
  expect(await cluster(second)).toMatchObject({ id: before.id, name: 'tidepool', phase: { kind: 'stopped' } })
  await second.page.getByRole('button', { name: 'Start tidepool' }).click()
  await expect(row(second.page, 'tidepool-a')).toContainText('Connected')
})

test('there is one app over one folder of user data: a second start shows the window of the first', async ({ desk }) => {
  const app = await desk.open()
  const program = await app.electron.evaluate(() => process.execPath)
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  const second = spawn(program, [...launchArguments()], { cwd: root, env: environment(desk.data), stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const code = await new Promise((resolve) => second.once('exit', resolve))
  expect(code).toBe(0)
  expect(said).toContain('running already')
  await expect
    .poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized())))
    .toEqual([false])
})

test('closing the window asks whether nodes go on; the answer is kept', async ({ desk }) => {
  const app = await desk.open()
  await startCluster(app)
  const close = () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await close()
  const dialog = app.page.getByRole('dialog')
  await expect(dialog).toContainText('Keep tidepool running?')
  await app.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  expect((await cluster(app)).phase.kind).toBe('running')

  await close()
  await dialog.getByRole('checkbox').click()
  const closed = app.page.waitForEvent('close')
  // The window goes while it is being clicked.
  await dialog
    .getByRole('button', { name: 'Keep running' })
    .click()
    .catch(() => undefined)
  await closed
  const orchestrators = async () => (await desk.processes()).filter(({ command }) => command.includes('nats-server'))
  expect(await orchestrators()).toHaveLength(1)

  // Started again, the app that still runs opens a window, with its cluster as it was.
  const reopened = app.electron.waitForEvent('window')
  const second = spawn(await app.electron.evaluate(() => process.execPath), [...launchArguments()], {
    cwd: root,
    env: environment(desk.data),
    stdio: 'ignore',
  })
  const secondEnded = new Promise((resolve) => second.once('exit', resolve))
  const page = await reopened
  await secondEnded
  await expect(row(page, 'tidepool-a')).toContainText('Connected')

  // The answer is kept: no question this time.
  const gone = page.waitForEvent('close')
  await close()
  await gone
  expect(await orchestrators()).toHaveLength(1)
})

test('stopping all from the question ends the app and every process', async ({ desk }) => {
  const app = await desk.open()
  await startCluster(app)
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  const ended = new Promise((resolve) => app.electron.process().once('exit', resolve))
  await app.page.getByRole('dialog').getByRole('button', { name: 'Stop and quit' }).click()
  expect(await ended).toBe(0)
  await expect.poll(() => desk.processes(), { timeout: 2_000 }).toEqual([])
  expect(await desk.temporaryFiles()).toEqual([])
})

test('a killed app leaves no orphan, and the next start takes its cluster up', async ({ desk }) => {
  const app = await desk.open()
  await startCluster(app)
  await app.call('nodes.add', { clusterId: (await cluster(app)).id, count: 2 })
  await expect(row(app.page, 'tidepool-c')).toContainText('Connected')
  const killedAt = Date.now()
  process.kill(app.pid, 'SIGKILL')
  await expect.poll(() => desk.processes(), { timeout: 2_000, intervals: [20] }).toEqual([])
  tell('kill of the app → no process left', Date.now() - killedAt)

  const again = await desk.open()
  await again.page.getByRole('button', { name: 'Start tidepool' }).click()
  await expect(row(again.page, 'tidepool-c')).toContainText('Connected')
})

test('an app that is told to end by the system stops its nodes in order', async ({ desk }) => {
  const app = await desk.open()
  await startCluster(app)
  const { id } = await cluster(app)
  const ended = new Promise((resolve) => app.electron.process().once('exit', resolve))
  const toldAt = Date.now()
  process.kill(app.pid, 'SIGTERM')
  await ended
  tell('SIGTERM → ended', Date.now() - toldAt)
  await expect.poll(() => desk.processes(), { timeout: 2_000 }).toEqual([])
  expect(await desk.temporaryFiles()).toEqual([])
  const log = await readFile(path.join(desk.data, 'clusters', id, 'logs', 'node.log'), 'utf8')
  expect(log).toContain('Stopping')
})

test('a start that is cancelled, and a quit in the middle of one, leave nothing running', async ({ desk }) => {
  const app = await desk.open()
  const { clusterId } = await app.call('clusters.create', { name: 'brief' })
  const start = app.call('clusters.start', { clusterId })
  await app.call('clusters.cancelStart', { clusterId })
  await start
  expect((await cluster(app)).phase.kind).toBe('stopped')
  await app.page.evaluate(`void shoal.call('clusters.start', { clusterId: ${JSON.stringify(clusterId)} })`)
  await app.electron.close()
  await expect.poll(() => desk.processes(), { timeout: 6_000 }).toEqual([])
})

test('a cluster whose file is broken is shown with the reason, the others work, and nothing is lost', async ({ desk }) => {
  const first = await desk.open()
  await first.call('clusters.create', { name: 'whole' })
  const { clusterId } = await first.call('clusters.create', { name: 'torn' })
  await first.electron.close()
  const file = path.join(desk.data, 'clusters', clusterId, 'cluster.json')
  const torn = (await readFile(file, 'utf8')).slice(0, 40)
  await writeFile(file, torn)
  await writeFile(path.join(desk.data, 'preferences.json'), 'not json')

  const app = await desk.open()
  const clusters = await app.call('clusters.list', undefined)
  expect(clusters.map(({ name, phase }) => [name, phase.kind])).toEqual([
    ['whole', 'stopped'],
    [clusterId, 'failed'],
  ])
  expect(await readFile(file, 'utf8')).toBe(torn)
  expect(await readFile(path.join(desk.data, 'preferences.json.bad'), 'utf8')).toBe('not json')
})

test('a node of the window runs a job', async ({ desk }) => {
  const app = await desk.open()
  await startCluster(app)
  await expectWasmJobToRun((await cluster(app)).apiUrl)
})
