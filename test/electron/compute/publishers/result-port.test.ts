import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { warnOfTakenPort, whyTaken } from '../../../../electron/compute/publishers/result-port'
import { createLogger, type LogEntry } from '../../../../electron/log/logger'
import { findFreePort } from '../../../../electron/process/ports'
import type { Bundle } from '../../../fixtures/bundle'
import { bundleNode, ComputingNode } from '../../../fixtures/computing-node'

let holders: Server[] = []
const release = async (): Promise<void> => {
  const all = holders
  holders = []
  await Promise.all(all.map((server) => new Promise((resolve) => server.close(resolve))))
}
afterEach(release)

async function taken(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  holders.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}

describe('the port for results', () => {
  it('that is taken is told with its owner and a free one; one that is free is none', async () => {
    expect(await whyTaken((await findFreePort('127.0.0.1', 0, 1)) ?? 0)).toBeUndefined()
    const port = await taken()
    const fault = await whyTaken(port)
    expect(fault).toMatchObject({ code: 'port.taken', details: { key: 'Publishers.Types.Local.Port', ownerPid: String(process.pid) } })
    expect(Number(fault?.details?.['free'])).toBeGreaterThan(port)
  })

  it.each([
    [true, 'warn', /is taken by .*are refused until it is free/],
    [false, 'info', /is taken by .*on the next free one/],
  ] as const)('is told of once, asked for or not (%s)', async (asked, level, text) => {
    const entries: LogEntry[] = []
    const log = createLogger({ sinks: [{ write: (entry) => entries.push(entry) }], level: 'info', secrets: () => [] })
    await warnOfTakenPort(await taken(), asked, log)
    expect(entries).toMatchObject([{ level, message: expect.stringMatching(text) as unknown }])
    await warnOfTakenPort((await findFreePort('127.0.0.1', 0, 1)) ?? 0, asked, log)
    expect(entries).toHaveLength(1)
  })
})

describe('a node whose port for results is taken', () => {
  let bundles: readonly Bundle[] = []
  let dir: string
  let node: ComputingNode | undefined
  beforeAll(async () => {
    bundles = await bundleNode()
    dir = mkdtempSync(join(tmpdir(), 'result-port-'))
  }, 60_000)
  afterAll(async () => {
    await node?.stop()
    for (const each of bundles) each.remove()
    rmSync(dir, { recursive: true, force: true })
  })

  it('says so at its start, refuses what would be published there, and takes it when the port is free', async () => {
    const port = await taken()
    const running = await ComputingNode.start(bundles, dir, { SHOAL_TEST_PORT: String(port) })
    node = running
    await running.eventually('the warning', () => running.said.includes(`Port ${port} (Publishers.Types.Local.Port) is taken by`))
    await running.ask('e-1', { args: ['hello'], task: { Publisher: { Type: 'local' } } })
    expect(await running.refusalOf('e-1')).toMatch(new RegExp(`does not support "local": Port ${port} .* is taken by`))
    // What is not published there is no matter of it.
    expect(await running.isWell('e-2')).toBe(true)
    await release()
    await running.run('e-3', { args: ['hello'], task: { Publisher: { Type: 'local' } } })
    const { PublishResult } = await running.resultOf('e-3')
    const url = String(PublishResult?.Params?.['URL'])
    expect(Number(new URL(url).port)).toBe(port)
    expect((await fetch(url)).status).toBe(200)
  }, 30_000)
})
