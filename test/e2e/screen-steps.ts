import { parseDocument } from 'yaml'
import type { Cluster } from '../../shared/cluster'
import { expect, type Desk, type OpenApp } from './app-fixture'
import { setSize } from './screen-looks'

export async function openSized(desk: Desk): Promise<OpenApp> {
  const app = await desk.open()
  await setSize(app, 1280, 800)
  return app
}

/** Attaches a cluster by the address of its API, under a name; `found` looks at what the dialog tells of it. */
export async function attach({ page }: OpenApp, url: string, name: string, found?: () => Promise<void>): Promise<void> {
  await page.getByLabel('Address').fill(url)
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await found?.()
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: `Attach ${name}` }).click()
  await expect(dialog).toBeHidden()
}

export async function cluster(app: OpenApp): Promise<Cluster> {
  const [first] = await app.call('clusters.list', undefined)
  if (first === undefined) throw new Error('no cluster')
  return first
}

export async function pidOf(app: OpenApp, name: string): Promise<number> {
  const state = (await cluster(app)).localNodes.find((node) => node.name === name)?.state
  if (state?.kind !== 'running') throw new Error(`${name} does not run`)
  return state.pid
}

export async function go({ page }: OpenApp, screen: 'Nodes' | 'Access' | 'Configuration'): Promise<void> {
  await page.locator('nav').getByRole('button', { name: screen }).click()
  await expect(page.getByRole('heading', { level: 1, name: screen })).toBeVisible()
}

export async function escape({ page }: OpenApp, what: 'dialog' | 'menu'): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(page.getByRole(what)).toBeHidden()
}

/** A menu in a menu takes two. */
export async function closeMenus({ page }: OpenApp): Promise<void> {
  while ((await page.getByRole('menu').count()) > 0) await page.keyboard.press('Escape')
}

/** Saves one key into the configuration of a node. */
export async function configure(app: OpenApp, node: string, key: readonly string[], value: unknown, restart: boolean): Promise<void> {
  const { id } = await cluster(app)
  const file = await app.call('config.read', { clusterId: id, node })
  const document = parseDocument(file.text)
  document.setIn(key, value)
  await app.call('config.save', { clusterId: id, node, text: document.toString(), base: file.base, restart })
}
