import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, root, type OpenApp } from './app-fixture'

const folder = path.join(root, 'test/e2e/screenshots')
const grounds = { dark: 'rgb(21, 25, 30)', light: 'rgb(252, 253, 253)' } as const

/** Gives the window the size of the design's pictures. */
export async function setSize({ electron, page }: OpenApp, width: number, height: number): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), { width, height })
  await expect.poll(() => page.evaluate('[innerWidth, innerHeight].join()')).toBe(`${width},${height}`)
}

async function setTheme(app: OpenApp, theme: 'dark' | 'light'): Promise<void> {
  await app.call('app.setTheme', { theme })
  await expect.poll(() => app.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(grounds[theme])
}

/** A picture in both themes, and no violation of axe's rules in either. */
export async function look(app: OpenApp, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(app, theme)
    await app.page.evaluate(
      'Promise.allSettled(document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity && one.timeline === document.timeline).map((one) => one.finished))',
    )
    await app.page.screenshot({ path: path.join(folder, `${name}-${theme}.png`) })
    // One page only: the other way of axe opens a second one, which Electron has not.
    const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode(true).analyze()
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => String(node.target)).join(' ')}`)
    expect(told, `${name} in the ${theme} theme`).toEqual([])
  }
}
