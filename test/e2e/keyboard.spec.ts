import { expect, row, test } from './app-fixture'
import { cluster, escape, openSized } from './screen-steps'

test('all of it by keyboard', async ({ desk }) => {
  const app = await openSized(desk)
  const { page } = app
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const details = page.getByRole('complementary', { name: 'Details' })
  const focusIsIn = (selector: string) =>
    expect.poll(() => page.evaluate(`document.activeElement.closest(${JSON.stringify(selector)}) !== null`)).toBe(true)
  await expect(page.getByLabel('Name')).toHaveValue('tidepool')
  await page.getByLabel('Name').focus()
  await press('Enter')
  await expect(row(page, 'tidepool-a')).toContainText('Connected')

  // F6 goes from region to region; into the list, not to its edge.
  await press('F6')
  await focusIsIn('aside')
  await press('F6')
  await focusIsIn('[role=grid]')
  await press('j')
  await expect(row(page, 'tidepool')).toHaveAttribute('aria-selected', 'true')
  await press('ArrowDown')
  await expect(row(page, 'tidepool-a')).toHaveAttribute('aria-selected', 'true')
  await press('k', 'j', 'Enter')
  await expect(details.getByRole('heading', { name: 'tidepool-a' })).toBeVisible()
  await press('F6')
  await focusIsIn('aside[aria-label=Details]')
  await press('Escape')
  await expect(details).toBeHidden()
  await focusIsIn('[role=grid]')

  await press('s')
  await expect(row(page, 'tidepool-a')).toContainText('Stopped')
  await press('s')
  await expect(row(page, 'tidepool-a')).toContainText('Connected')
  await press('n')
  await expect(row(page, 'tidepool-b')).toContainText('Connected')
  await press('Shift+F10')
  await expect(page.getByRole('menu')).toContainText('Restart')
  await escape(app, 'menu')
  await press('l')
  await expect(page.getByRole('tab', { name: 'tidepool-a' })).toHaveAttribute('aria-selected', 'true')
  await press('Control+j')
  await expect(page.getByRole('tab', { name: 'tidepool-a' })).toBeHidden()

  // The second letter of a chord is no act of the list: `n` would add a node, `c` copy a name.
  await press('g', 'c')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Configuration')
  await press('g', 'a')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Access')
  await press('Alt+ArrowLeft')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Configuration')
  await press('g', 'n')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nodes')
  expect((await cluster(app)).localNodes).toHaveLength(3)

  await press('/')
  await page.keyboard.type('tidepool-b')
  await expect(row(page, 'tidepool-a')).toBeHidden()
  await press('Escape', 'Escape')
  await expect(row(page, 'tidepool-a')).toBeVisible()
  const wide = await page.getByText('Appearance').boundingBox()
  await press('Control+b')
  await expect.poll(async () => (await page.getByText('Appearance').boundingBox())?.width ?? 0).toBeLessThan(wide?.width ?? 0)
  await press('Control+b')
  await press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  // Nothing behind a dialog acts.
  await press('g', 'a', 'Escape')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nodes')
})
