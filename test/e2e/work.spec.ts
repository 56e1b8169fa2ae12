import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, root, row, startCluster, test } from './app-fixture'
import { look, setSize } from './screen-looks'
import { cluster, openSized } from './screen-steps'
import { stopJob, submitWasmJob } from './wasm-job'

test.setTimeout(180_000)

test('work of nodes: a job shows while it runs, in the list, the details and the status bar, and is gone with it', async ({ desk }) => {
  const app = await openSized(desk)
  const { page } = app
  await startCluster(app)
  const { id, apiUrl } = await cluster(app)
  await app.call('nodes.add', { clusterId: id, count: 1 })
  await expect(row(page, 'tidepool-b')).toContainText('Connected')
  const jobs = (node: string) => row(page, node).getByRole('gridcell').nth(7)
  const status = page.getByRole('contentinfo')
  const total = page.getByRole('columnheader', { name: 'Jobs' })
  await expect(total).toBeVisible()
  await expect(jobs('tidepool-a')).toHaveText('0')
  await expect(jobs('tidepool')).toHaveText('–')
  await expect(status).toContainText('0 running')

  const ran = await submitWasmJob(apiUrl, ['sleep', '600'], { CPU: '0.2', Memory: '300Mb' })
  await expect(status).toContainText('1 running')
  const busy = (await jobs('tidepool-a').textContent()) === '1' ? 'tidepool-a' : 'tidepool-b'
  const idle = busy === 'tidepool-a' ? 'tidepool-b' : 'tidepool-a'
  await expect(jobs(busy)).toHaveText('1')
  await expect(jobs(idle)).toHaveText('0')
  await expect(row(page, busy)).toContainText(/0\.2 \/ /)

  // The same from the command line.
  const node = path.join(root, 'dist/cli.js')
  const { stdout } = await promisify(execFile)(process.execPath, [
    node,
    'node',
    'describe',
    busy,
    '--work',
    '--output',
    'json',
    '--api-port',
    new URL(apiUrl).port,
  ])
  expect(JSON.parse(stdout)).toMatchObject({ Info: { NodeID: busy }, Work: { running: 1, queued: 0, asked: 0, inUse: { CPU: 0.2, Memory: 300e6 } } })

  await row(page, busy).click()
  const details = page.getByRole('complementary', { name: 'Details' })
  await expect(details).toContainText(/Jobs here\s*Running\s*1\s*In its queue\s*0/)
  await expect(details).toContainText(/CPU\s*0\.2 \//)
  await page.mouse.move(400, 700)
  await look(app, '03-node-work')

  // Sorted and filtered by it, the list follows.
  await page.getByRole('grid').focus()
  await page.keyboard.press('Escape')
  await total.getByRole('button').click()
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toContainText(busy)
  await page.keyboard.press('/')
  await page.keyboard.type('busy')
  await expect(row(page, idle)).toBeHidden()
  await expect(row(page, busy)).toBeVisible()
  await page.getByLabel('Filter', { exact: true }).fill('')
  await setSize(app, 900, 600)
  await page.mouse.move(640, 500)
  await look(app, '03e-work-900x600')
  await page.getByRole('grid').focus()
  await page.keyboard.press('Enter')
  await expect(details).toBeVisible()
  await look(app, '03e-details-900x600')
  await page.keyboard.press('Escape')
  await setSize(app, 1280, 800)

  await stopJob(apiUrl, ran)
  await expect(status).toContainText('0 running')
  await expect(jobs(busy)).toHaveText('0')
  await expect(row(page, busy)).not.toContainText(/0\.2 \/ /)
  expect(app.complaints).toEqual([])
})
