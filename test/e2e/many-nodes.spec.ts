import { expect, test } from './app-fixture'
import { serveManyNodes } from './many-nodes-server'
import { look } from './screen-looks'
import { attach, closeMenus, openSized } from './screen-steps'

test.setTimeout(180_000)

interface Scrolled {
  readonly frames: number
  /** Milliseconds between frames, sorted. */
  readonly deltas: readonly number[]
  readonly mostRows: number
  /** Sum of unexpected shifts of what stands on the page. */
  readonly shift: number
}

/** Scrolls the list for `ms`, four rows a frame, and measures on the page. */
// Held by the page: a promise that only the debugger knows may be collected while it is pending.
const scroll = (ms: number): string => `(window.scrolled = (async () => {
  const list = document.querySelector('[data-region-start]')
  if (list === null) throw new Error('no list on the page')
  const deltas = []
  let shift = 0
  let mostRows = 0
  let step = 128
  let before = performance.now()
  const shifts = new PerformanceObserver((seen) => { for (const entry of seen.getEntries()) shift += entry.value })
  shifts.observe({ type: 'layout-shift' })
  const begun = before
  await new Promise((done) => {
    const frame = (now) => {
      deltas.push(now - before)
      before = now
      if (deltas.length % 10 === 0) mostRows = Math.max(mostRows, list.querySelectorAll('[role=row]').length)
      if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) step = -128
      else if (list.scrollTop <= 0) step = 128
      list.scrollBy(0, step)
      if (now - begun < ${ms}) requestAnimationFrame(frame)
      else done()
    }
    requestAnimationFrame(frame)
  })
  shifts.disconnect()
  return { frames: deltas.length, deltas: deltas.slice(1).sort((a, b) => a - b), mostRows, shift }
})())`

test('ten thousand nodes: a smooth list that holds still, grouped and with its scroll map', async ({ desk }) => {
  const server = await serveManyNodes(10_000)
  try {
    const app = await openSized(desk)
    const { page } = app
    await attach(app, server.url, 'field-edge', async () => {
      await expect(page.getByRole('dialog')).toContainText('Found 10,000 nodes.')
      await look(app, '15b-attach')
    })
    await expect(page.getByText('10,000 nodes', { exact: true })).toBeVisible()
    await expect(page.getByRole('grid').getByRole('row').nth(20)).toBeVisible()

    for (const rate of [0, 667]) {
      server.setHeartbeatsPerSecond(rate)
      const { frames, deltas, mostRows, shift } = await page.evaluate<Scrolled>(scroll(4_000))
      const at = (part: number): number => Math.round(deltas[Math.floor(deltas.length * part)] ?? 0)
      process.stdout.write(
        `    10,000 rows, ${rate} changes a second: ${frames} frames in 4 s; p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms\n`,
      )
      expect(at(0.5)).toBeLessThanOrEqual(34)
      expect(mostRows).toBeGreaterThan(20)
      expect(mostRows).toBeLessThan(80)
      expect(shift).toBe(0)
    }
    server.setHeartbeatsPerSecond(0)

    // The cursor goes through all of it by key, and stays on screen.
    const list = page.getByRole('grid')
    await list.focus()
    await page.keyboard.press('End')
    await expect(page.locator('[role=row][aria-selected=true]')).toBeInViewport()
    await page.keyboard.press('Home')
    await page.keyboard.press('PageDown')
    await expect(page.locator('[role=row][aria-selected=true]')).toBeInViewport()

    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitem', { name: 'Group by label' }).click()
    await page.getByRole('menuitemradio', { name: 'site' }).click()
    await closeMenus(app)
    await page.getByRole('button', { name: 'Appearance' }).click()
    await page.getByRole('menuitemradio', { name: 'Compact' }).click()
    await closeMenus(app)
    await expect(page.getByRole('treegrid')).toContainText('more connected')
    await page.mouse.move(640, 20)
    await look(app, '03d-nodes-10000-compact')
    expect(app.complaints).toEqual([])
  } finally {
    await server.close()
  }
})
