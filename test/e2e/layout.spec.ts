import { expect, row, startCluster, test, type OpenApp } from './app-fixture'
import { cluster, escape, go, openSized } from './screen-steps'

/** Nothing that stands on the page moves when something comes, and what is painted is of one moment. */

/** Adds up all shifts, also those soon after a key or a click: data comes right then. */
const watchShifts = `window.shifted = 0
window.shifts = new PerformanceObserver((seen) => { for (const entry of seen.getEntries()) shifted += entry.value })
window.shifts.observe({ type: 'layout-shift', buffered: true })`

/** A time that is counted on screen is set to the right, and its text begins elsewhere with each digit: about 0.00001 a change. */
const DIGITS = 0.001

async function shiftSince({ page }: OpenApp): Promise<number> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  return page.evaluate<number>('(() => { const sum = shifted; shifted = 0; return sum })()')
}

test('nothing jumps when data comes: from the first start over all screens and dialogs', async ({ desk }) => {
  const app = await openSized(desk)
  const { page } = app
  const still = async (what: string): Promise<void> => {
    expect(await shiftSince(app), what).toBeLessThan(DIGITS)
  }
  await page.evaluate(watchShifts)
  await expect(page.getByText('Reachable from this machine only')).toBeVisible()
  await still('the look at this machine')
  await startCluster(app)
  await still('the steps of the start and the first nodes')
  const { id } = await cluster(app)
  await app.call('nodes.add', { clusterId: id, count: 2 })
  await expect(row(page, 'tidepool-c')).toContainText('Connected')
  await still('more nodes')

  await go(app, 'Access')
  await expect(page.getByRole('heading', { name: 'Refused lately' })).toBeVisible()
  await still('Access')
  await page.getByRole('button', { name: 'Share on LAN' }).click()
  await expect(page.getByRole('dialog').getByText('HTTP API')).toBeVisible()
  await still('the dialog that shares')
  await escape(app, 'dialog')
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await expect(page.getByRole('dialog')).toContainText('256 bit, strong')
  await still('the dialog of the token')
  await escape(app, 'dialog')
  await go(app, 'Configuration')
  await expect(page.getByRole('textbox', { name: 'config.yaml of tidepool' })).toContainText('Orchestrator')
  await still('Configuration')
  await go(app, 'Nodes')
  await page.getByRole('button', { name: 'More ways to add nodes' }).click()
  await page.getByRole('menuitem', { name: 'Several local nodes' }).click()
  await expect(page.getByRole('dialog')).toContainText('This machine, for jobs')
  await still('the dialog that adds nodes')
  await escape(app, 'dialog')

  // A window that finds its cluster running.
  await page.reload()
  await page.evaluate(watchShifts)
  await expect(row(page, 'tidepool-c')).toContainText('Connected')
  await still('a new window')
  expect(app.complaints).toEqual([])
})

/** Writes down after each frame where the column of states stands and how many columns there are; `painted` has what differed. */
const watchFrames = `window.painted = []
window.watching = true
void (() => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    const heads = [...document.querySelectorAll('[role=columnheader]')]
    const state = heads.find((head) => head.textContent.startsWith('State'))
    const seen = Math.round(state.getBoundingClientRect().x) + ' of ' + heads.length
    if (seen !== painted.at(-1)) painted.push(seen)
  }
  const frame = () => {
    port2.postMessage(0)
    if (watching) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
})()`

test('a list that gets another width is painted with its new columns at once', async ({ desk }) => {
  const app = await openSized(desk)
  const { page } = app
  await startCluster(app)
  const details = page.getByRole('complementary', { name: 'Details' })
  const framesOf = async (act: () => Promise<void>): Promise<readonly string[]> => {
    await page.evaluate(watchFrames)
    await expect.poll(() => page.evaluate('painted.length')).toBe(1)
    await act()
    await expect.poll(() => page.evaluate('painted.length')).toBeGreaterThan(1)
    await page.evaluate('Promise.allSettled(document.getAnimations().map((one) => one.finished))')
    return page.evaluate<string[]>('(() => { watching = false; return painted })()')
  }
  await page.getByRole('grid').focus()
  await page.keyboard.press('j')
  const opened = await framesOf(async () => {
    await page.keyboard.press('Enter')
    await expect(details).toBeVisible()
  })
  const closed = await framesOf(async () => {
    await page.keyboard.press('Escape')
    await expect(details).toBeHidden()
  })
  const folded = await framesOf(() => page.keyboard.press('Control+b'))
  expect([opened.length, closed.length, folded.length], JSON.stringify({ opened, closed, folded })).toEqual([2, 2, 2])
})
