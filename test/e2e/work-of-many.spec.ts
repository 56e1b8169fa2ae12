import { expect, test } from './app-fixture'
import { serveManyNodes } from './many-nodes-server'
import { attach, openSized } from './screen-steps'

test.setTimeout(120_000)

/** What the page does for `ms` while rows change: milliseconds between frames, sorted, and the sum of unexpected shifts. */
const watch = (ms: number): string => `(window.watched = new Promise((done) => {
  const deltas = []
  let shift = 0
  let before = performance.now()
  const begun = before
  const shifts = new PerformanceObserver((seen) => { for (const entry of seen.getEntries()) shift += entry.value })
  shifts.observe({ type: 'layout-shift' })
  const frame = (now) => {
    deltas.push(now - before)
    before = now
    if (now - begun < ${ms}) return void requestAnimationFrame(frame)
    shifts.disconnect()
    done({ shift, deltas: deltas.slice(1).sort((a, b) => a - b) })
  }
  requestAnimationFrame(frame)
}))`

test('the work of ten thousand nodes: told as it changes, summed up, and the list stays smooth and still', async ({ desk }) => {
  const server = await serveManyNodes(10_000)
  try {
    const app = await openSized(desk)
    const { page } = app
    await attach(app, server.url, 'field-edge')
    await expect(page.getByText('10,000 nodes')).toBeVisible()
    const head = page.getByRole('columnheader', { name: 'Jobs' })
    const first = page.getByRole('grid').getByRole('row').nth(1)
    // Nothing is told yet: no figure stands anywhere.
    await expect(first.getByTitle('This orchestrator does not tell what its nodes run.')).toHaveText(/^–/)
    await expect(page.getByRole('contentinfo')).not.toContainText('running')

    await head.getByRole('button').click()
    // Away from the list with pointer and focus: it orders itself.
    await page.keyboard.press('/')
    await page.mouse.move(640, 20)
    server.giveWork()
    server.setHeartbeatsPerSecond(667)
    await expect(page.getByRole('contentinfo')).toContainText(/\d running/)
    await expect(first.getByTitle('2 running, 1 in its queue')).toHaveText('2+1')
    const { deltas, shift } = await page.evaluate<{ deltas: number[]; shift: number }>(watch(4_000))
    const at = (part: number): number => Math.round(deltas[Math.floor(deltas.length * part)] ?? 0)
    process.stdout.write(`    10,000 rows sorted by jobs, 667 changes of work a second: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms\n`)
    expect(at(0.5)).toBeLessThanOrEqual(34)
    expect(shift).toBe(0)
    await expect(page.getByRole('contentinfo')).toContainText(/[1-9][\d,]* running, [1-9][\d,]* queued/)
    expect(app.complaints).toEqual([])
  } finally {
    await server.close()
  }
})
