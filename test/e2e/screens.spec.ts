import { createServer, type AddressInfo } from 'node:net'
import { expect, row, startCluster, test, type Desk } from './app-fixture'
import { look, setSize } from './screen-looks'
import { cluster, configure, escape, go, openSized, pidOf } from './screen-steps'

/** Every screen in both themes, in the real window: pictures in `test/e2e/screenshots`, and axe has nothing to say. */

test.setTimeout(300_000)

/** Resolves with the pid of the first role host of the desk's app, stopped at its first breath. */
async function holdFirstHost(desk: Desk): Promise<number> {
  for (;;) {
    const host = (await desk.processes()).find(({ command }) => command.includes('node.mojom.NodeService'))
    if (host === undefined) continue
    process.kill(host.pid, 'SIGSTOP')
    return host.pid
  }
}

test('the start: first run, an address that is none, a start on its way, a cluster that is off, a start that fails', async ({ desk }) => {
  const app = await openSized(desk)
  const { page } = app
  await expect(page.getByText('Reachable from this machine only')).toBeVisible()
  await look(app, '01-first-run')

  await page.getByLabel('Address').fill('http://127.0.0.1:9')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(page.getByRole('dialog')).toContainText('127.0.0.1:9')
  await look(app, '15b-attach-failed')
  await escape(app, 'dialog')

  // A host that is held at its first breath leaves the start standing at its steps.
  const held = holdFirstHost(desk)
  await page.getByRole('button', { name: /^Start (cluster|on port)/ }).click()
  await expect(page.getByRole('heading', { name: 'Starting tidepool' })).toBeVisible()
  const pid = await held
  await look(app, '01b-starting')
  process.kill(pid, 'SIGCONT')
  await expect(row(page, 'tidepool-a')).toContainText('Connected')

  const { id } = await cluster(app)
  await app.call('clusters.stop', { clusterId: id })
  await expect(page.getByText('tidepool is stopped.')).toBeVisible()
  await look(app, 'stopped')

  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  try {
    await configure(app, 'tidepool', ['Orchestrator', 'Port'], (taken.address() as AddressInfo).port, false)
    await page.getByRole('button', { name: 'Start tidepool' }).click()
    await expect(page.getByRole('heading', { name: 'tidepool did not start.' })).toBeVisible()
    await look(app, '01c-start-failed')
  } finally {
    taken.close()
  }
  expect(app.complaints).toEqual([])
})

test('the list of nodes, its menus and dialogs', async ({ desk }) => {
  const app = await openSized(desk)
  const { page } = app
  await startCluster(app)
  await app.call('nodes.add', { clusterId: (await cluster(app)).id, count: 2 })
  await expect(row(page, 'tidepool-c')).toContainText('Connected')
  await page.mouse.move(640, 700)
  await look(app, '03b-nodes')

  await row(page, 'tidepool-b').click()
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('Both agree.')
  await page.mouse.move(400, 700)
  await look(app, '03-node-details')

  await page.getByRole('grid').focus()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeHidden()

  await row(page, 'tidepool-b').click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await look(app, 'node-menu')
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await expect(page.getByRole('dialog')).toContainText('Remove tidepool-b?')
  await look(app, 'node-remove')
  await escape(app, 'dialog')

  await page.getByRole('button', { name: 'More ways to add nodes' }).click()
  await look(app, 'add-menu')
  await page.getByRole('menuitem', { name: 'Several local nodes' }).click()
  await expect(page.getByRole('dialog').getByText('This machine, for jobs')).toBeVisible()
  await expect(page.getByRole('dialog')).not.toContainText('…')
  await look(app, 'add-nodes')
  await escape(app, 'dialog')

  await page.getByRole('button', { name: 'Columns' }).click()
  await look(app, 'columns-menu')
  await escape(app, 'menu')

  await page.keyboard.press('/')
  await page.keyboard.type('nothing-like-it')
  await expect(page.getByText('0 of 4 match')).toBeVisible()
  await look(app, '16b-filter-hides-all')
  await page.getByRole('button', { name: 'Clear filter' }).click()

  await page
    .locator('aside')
    .getByRole('button', { name: /tidepool/ })
    .click()
  await look(app, '15-switcher')
  await page.getByRole('menuitem', { name: 'Stop…' }).click()
  await expect(page.getByRole('dialog')).toContainText('3 nodes on this machine stop')
  await look(app, 'stop-cluster')
  await escape(app, 'dialog')
  for (const [item, title, name] of [
    ['Rename…', 'Rename tidepool', 'rename-cluster'],
    ['Forget…', 'Forget tidepool?', 'forget-cluster'],
  ] as const) {
    await page
      .locator('aside')
      .getByRole('button', { name: /tidepool/ })
      .click()
    await page.getByRole('menuitem', { name: item }).click()
    await expect(page.getByRole('dialog')).toContainText(title)
    await look(app, name)
    await escape(app, 'dialog')
  }

  await page.getByRole('button', { name: 'Appearance' }).click()
  await look(app, 'appearance-menu')
  await escape(app, 'menu')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  await look(app, 'keys')
  await escape(app, 'dialog')

  await setSize(app, 900, 600)
  await look(app, '03e-nodes-900x600')
  await setSize(app, 1280, 800)
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect(page.getByRole('dialog')).toContainText('Keep tidepool running?')
  await look(app, 'close-question')
  await escape(app, 'dialog')
  expect(app.complaints).toEqual([])
})

test('what is not well: stopped, crashed, waiting for approval, an orchestrator that does not answer', async ({ desk }) => {
  const app = await openSized(desk)
  const { page } = app
  await startCluster(app)
  const { id } = await cluster(app)
  await app.call('nodes.add', { clusterId: id, count: 1 })
  await expect(row(page, 'tidepool-b')).toContainText('Connected')
  await app.call('nodes.stop', { clusterId: id, node: 'tidepool-b' })
  await expect(row(page, 'tidepool-b')).toContainText('Stopped')

  await configure(app, 'tidepool', ['Orchestrator', 'NodeManager', 'ManualApproval'], true, true)
  await expect.poll(async () => (await cluster(app)).link.kind).toBe('live')
  await app.call('nodes.add', { clusterId: id, count: 1 })
  await expect(row(page, 'tidepool-c')).toContainText('Pending approval')
  await row(page, 'tidepool-c').click()
  await page.mouse.move(400, 700)
  await look(app, '03b-pending')
  await page.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: 'Approve' }).click()
  await expect(row(page, 'tidepool-c')).toContainText('Connected')

  // Three deaths in a row: the pause before the next start is long enough to be looked at.
  for (let death = 0; death < 3; death += 1) {
    process.kill(await pidOf(app, 'tidepool-c'), 'SIGKILL')
    await expect(row(page, 'tidepool-c')).toContainText('Crashed')
    if (death < 2) await expect(row(page, 'tidepool-c')).toContainText('Connected')
  }
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText(/Crashed .* ago/)
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('was ended from outside (SIGKILL)')
  await look(app, '03f-this-machine')

  const orchestrator = await pidOf(app, 'tidepool')
  process.kill(orchestrator, 'SIGSTOP')
  try {
    await expect(page.getByText('Not live since')).toBeVisible({ timeout: 45_000 })
    await look(app, '16-stale')
    await page.getByRole('button', { name: 'Why?' }).click()
    await expect(page.getByRole('dialog')).toContainText('tidepool does not answer.')
    await look(app, '16-why')
    await escape(app, 'dialog')
  } finally {
    process.kill(orchestrator, 'SIGCONT')
  }
  await expect(page.getByText('Not live since')).toBeHidden({ timeout: 30_000 })
})

test('access, sharing, configuration and logs', async ({ desk }) => {
  const app = await openSized(desk)
  const { page } = app
  await startCluster(app)
  const { id } = await cluster(app)
  await go(app, 'Access')
  await expect(page.getByRole('heading', { name: 'Cluster token' })).toBeVisible()
  await look(app, '08-access')
  const token = page.getByTestId('secret-value')
  await page.getByRole('button', { name: 'Reveal for 30 s' }).click()
  await expect(token).toHaveText((await app.call('access.reveal', { clusterId: id })).token)
  await expect(page.getByText(/hides in \d+/)).toBeVisible()
  await look(app, '08-access-revealed')
  await page.getByRole('button', { name: 'Hide' }).click()
  await expect(token).toHaveText('•'.repeat(32))

  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await expect(page.getByRole('dialog')).toContainText('What this does')
  await look(app, '08-token')
  await page.getByLabel('New token').fill('abc')
  await expect(page.getByRole('dialog')).toContainText('weak')
  await escape(app, 'dialog')

  await page.getByRole('button', { name: 'Share on LAN' }).click()
  await expect(page.getByRole('dialog').getByText('HTTP API')).toBeVisible()
  await look(app, '02b-share-on-lan')
  const { choices } = await app.call('share.preview', { clusterId: id })
  const everywhere = choices.at(-1)?.address ?? ''
  await page.getByRole('radio', { name: everywhere }).click()
  await page.getByRole('button', { name: `Share on ${everywhere}` }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByText('other machines', { exact: true }).first()).toBeVisible()
  expect((await cluster(app)).reach).toMatchObject({ host: everywhere, shared: true })
  await look(app, '08-access-shared')
  await page.getByRole('button', { name: 'Stop sharing' }).click()
  await expect(page.getByRole('button', { name: 'Share on LAN' })).toBeVisible()
  expect((await cluster(app)).reach).toMatchObject({ host: '127.0.0.1', shared: false })

  await go(app, 'Configuration')
  const editor = page.getByRole('textbox', { name: 'config.yaml of tidepool' })
  await expect(editor).toContainText('Orchestrator')
  await look(app, '10b-config')
  await editor.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('\nnonsense: [')
  await expect(page.getByText('Nothing is saved until')).toBeVisible()
  await look(app, '10b-config-error')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(editor).not.toContainText('nonsense')

  // Somebody else writes the file while it is edited here.
  await editor.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('\n# mine')
  await configure(app, 'tidepool', ['Logging', 'Level'], 'debug', false)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('The file changed on disk')).toBeVisible()
  await look(app, '10b-config-conflict')
  await page.getByRole('button', { name: 'Keep mine, save over it' }).click()
  await expect.poll(async () => (await app.call('config.read', { clusterId: id, node: 'tidepool' })).text).toContain('# mine')
  await expect(page.getByText('The file changed on disk')).toBeHidden()

  await go(app, 'Nodes')
  await page.keyboard.press('Control+j')
  const lines = page.getByRole('tabpanel', { name: 'Log of tidepool' })
  await expect(lines).toContainText('INFO')
  await page.getByLabel('Search').fill('nats')
  await look(app, '11-logs')
  await page.getByRole('button', { name: 'Full height' }).click()
  await look(app, '11-logs-full')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+j')
  await expect(lines).toBeHidden()
  expect(app.complaints).toEqual([])
})
