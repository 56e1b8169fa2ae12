import { createServer, type Server } from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { preflight, type PreflightOptions } from '../../../../electron/local/cluster/preflight'
import { AppError } from '../../../../shared/errors'

let folder: string
const servers: Server[] = []
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'preflight-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await rm(folder, { recursive: true, force: true })
})

const options = (more: Partial<PreflightOptions> = {}): PreflightOptions => ({
  folder: path.join(folder, 'clusters', 'reef'),
  shownFolder: '~/reef',
  suggestedName: 'reef',
  existing: [],
  findNatsServer: () => Promise.resolve({ version: '2.15.1', path: '/bin/nats-server' }),
  ...more,
})
const check = async (id: string, more?: Partial<PreflightOptions>) => (await preflight(options(more))).checks.find((one) => one.id === id)

test('tells what stands in the way, each with its own words', async () => {
  const { checks, suggestedName } = await preflight(options())
  expect(checks.map(({ id }) => id)).toEqual(['reach', 'ports', 'capacity', 'disk', 'nats-server'])
  expect(checks.find(({ id }) => id === 'disk')?.detail).toBe('in ~/reef')
  expect(suggestedName).toBe('reef')
})

test('names who has the usual port, and the one that is taken instead', async () => {
  const server = createServer()
  servers.push(server)
  // Somebody else may have it already: then they are named.
  await new Promise<void>((resolve) => server.once('error', () => resolve()).listen(4222, '127.0.0.1', resolve))
  const { natsPort, checks } = await preflight(options())
  expect(natsPort).toBeGreaterThan(4222)
  expect(checks.find(({ id }) => id === 'ports')).toMatchObject({
    status: 'warn',
    detail: expect.stringMatching(/4222 is taken by .+ \(pid \d+\): NATS listens on \d+/) as string,
  })
})

test('a machine that is given away, and one without nats-server', async () => {
  const all = { CPU: 4_096, Memory: 2 ** 45, Disk: 0 }
  expect(await check('capacity', { existing: [all] })).toMatchObject({ status: 'warn' })
  const missing = () => Promise.reject(new AppError('nats.missing', 'There is none.', { hint: 'Get one.' }))
  expect(await check('nats-server', { findNatsServer: missing })).toMatchObject({ status: 'bad', detail: 'There is none. Get one.' })
})

test('a folder that cannot be made is told', async () => {
  await writeFile(path.join(folder, 'file'), '')
  expect(await check('disk', { folder: path.join(folder, 'file/clusters/reef') })).toMatchObject({
    status: 'bad',
    detail: expect.stringContaining('is not a folder') as string,
  })
})
