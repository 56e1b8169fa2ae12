import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { OrchestratorFacts } from '../../shared/http/feed'
import { environment, expect, root, test, type OpenApp } from './app-fixture'
import { look } from './screen-looks'
import { attach, cluster, openSized } from './screen-steps'

test.setTimeout(180_000)

const TOKEN = 'tide-4e1f9b7c2d6a8035-e2e'

/** `shoal serve --orchestrator` with a token, as another machine would run it. */
async function serveFar() {
  const home = await mkdtemp(path.join(tmpdir(), 'shoal-far-'))
  await writeFile(path.join(home, 'config.yaml'), `Orchestrator:\n  Auth:\n    Token: ${TOKEN}\n`, { mode: 0o600 })
  const args = ['serve', '--orchestrator', '--name', 'far-away', '--data-dir', home, '-c', 'API.Port=0', '-c', 'Orchestrator.Port=0']
  const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...args], { env: environment(home), stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await expect.poll(() => said).toMatch(/http:\/\/127\.0\.0\.1:\d+/)
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
  const { orchestrator } = (await (await fetch(`${url}/api/v1/shoal/nodes`)).json()) as { readonly orchestrator: OrchestratorFacts }
  return {
    url,
    nats: Number(orchestrator.nats.address.split(':').at(-1)),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function firstLocal(app: OpenApp) {
  const [node] = (await cluster(app)).localNodes
  return node
}

test('an attached cluster takes nodes of this machine: a wrong token is refused, the right one joins, and all is remembered', async ({ desk }) => {
  const far = await serveFar()
  try {
    const app = await openSized(desk)
    const { page } = app
    await attach(app, far.url, 'far')
    await expect(page.getByText('far has no compute node yet.')).toBeVisible()
    await look(app, '03-attached-empty')

    await page.getByRole('button', { name: 'Add node', exact: true }).first().click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel('Orchestrator')).toHaveValue(`nats://127.0.0.1:${far.nats}`)
    await expect(dialog).toContainText('It asks for its cluster token.')
    await dialog.getByLabel('Token').fill('not-the-token-of-far')
    await dialog.getByRole('button', { name: 'Add 1 node' }).click()
    await expect(dialog).toContainText(/token/i)
    await expect(dialog.getByText('refused', { exact: false })).toBeVisible()
    await look(app, '15c-join-refused')
    expect((await cluster(app)).localNodes).toEqual([])

    await dialog.getByLabel('Token').fill(TOKEN)
    await dialog.getByRole('button', { name: 'Add 1 node' }).click()
    await expect(dialog).toBeHidden({ timeout: 30_000 })
    await expect.poll(async () => (await firstLocal(app))?.connection?.kind).toBe('connected')
    const name = (await firstLocal(app))?.name ?? ''
    const line = page.locator(`[data-node="${name}"]`)
    await expect(line).toContainText('Connected')

    // The second one asks nothing.
    await page.getByRole('button', { name: 'Add node', exact: true }).click()
    await expect.poll(async () => (await cluster(app)).localNodes.filter(({ connection }) => connection?.kind === 'connected').length).toBe(2)
    const second = (await cluster(app)).localNodes[1]?.name ?? ''
    await expect(page.locator(`[data-node="${second}"]`)).toContainText('Connected')

    await line.click()
    const details = page.getByRole('complementary', { name: 'Details' })
    await expect(details).toContainText('this machine')
    await page.mouse.move(400, 700)
    await look(app, '03-attached-nodes')
    const { id } = await cluster(app)
    await details.getByRole('button', { name: 'Stop' }).click()
    await expect(line).toContainText('Stopped')
    await details.getByRole('button', { name: 'Start' }).click()
    await expect(line).toContainText('Connected')
    await details.getByRole('button', { name: 'Log' }).click()
    await expect(page.getByRole('tabpanel', { name: `Log of ${name}` })).toContainText('INFO')
    const { path: file, text } = await app.call('config.read', { clusterId: id, node: name })
    expect(text).toContain(TOKEN)
    expect(await readFile(path.join(desk.data, 'clusters', id, 'cluster.json'), 'utf8')).not.toContain(TOKEN)
    expect(file.startsWith(desk.data)).toBe(true)
    await expect(page.locator('body')).not.toContainText(TOKEN)
    await app.call('nodes.remove', { clusterId: id, node: second })
    await expect(page.locator(`[data-node="${second}"]`)).toBeHidden()
    expect(app.complaints).toEqual([])
    await app.electron.evaluate(({ app: electron }) => electron.quit())
    await expect.poll(() => desk.processes(), { timeout: 15_000 }).toEqual([])

    // Remembered, and back by itself.
    const later = await desk.open()
    await expect(later.page.locator(`[data-node="${name}"]`)).toContainText('Connected', { timeout: 30_000 })
    await later.electron.evaluate(({ app: electron }) => electron.quit())
    await expect.poll(() => desk.processes(), { timeout: 15_000 }).toEqual([])
  } finally {
    await far.stop()
  }
})
