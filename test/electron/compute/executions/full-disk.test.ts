import { createServer, type Server } from 'node:http'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Bundle } from '../../../fixtures/bundle'
import { bundleNode, ComputingNode } from '../../../fixtures/computing-node'
import { smallDisk, type SmallDisk, whyNoSmallDisk } from '../../../fixtures/small-disk'

const why = whyNoSmallDisk()
let bundles: readonly Bundle[] = []
let disk: SmallDisk
let node: ComputingNode
let server: Server | undefined

describe.skipIf(why !== undefined)(`a node whose disk is full${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  beforeAll(async () => {
    bundles = await bundleNode()
  }, 60_000)
  afterAll(() => {
    for (const each of bundles) each.remove()
  })
  beforeEach(async () => {
    disk = smallDisk(24)
    node = await ComputingNode.start(bundles, disk.folder)
    expect(await node.isWell('e-first')).toBe(true)
  })
  afterEach(async () => {
    server?.close()
    server = undefined
    await node.stop()
    disk.remove()
  })

  const output = (id: string): string => join(disk.folder, 'compute/executions/output', id, 'stdout')
  const errorsOf = (id: string): number => node.o.all('ComputeError').filter(({ ExecutionID }) => ExecutionID === id).length

  it('refuses what it cannot keep, with reason and hint, and takes the next one when there is room', async () => {
    disk.fill()
    await node.ask('e-1', { args: ['hello'] })
    expect(await node.refusalOf('e-1')).toMatch(/^rejected bid: The state of this node cannot be stored .*Free disk space/)
    disk.makeRoom()
    await node.isWellAgain('e-2')
    // Killed and started again, it neither bids for the first one nor tells anything twice.
    await node.kill()
    await node.begin()
    expect(await node.isWell('e-3')).toBe(true)
    expect(node.o.all('BidResult').filter(({ ExecutionID }) => ExecutionID === 'e-1')).toHaveLength(1)
    expect(node.o.all('ComputeError')).toEqual([])
  })

  it('ends a program whose output finds no room, with reason and hint; what ran beside it goes on', async () => {
    await node.run('e-quiet', { args: ['sleep', '2'] })
    await node.run('e-loud', { args: ['ticks', '1000000', '0.0005'] })
    await node.eventually('it writes', () => existsSync(output('e-loud')) && existsSync(output('e-quiet')))
    disk.fill()
    const { Message, Details } = await node.errorOf('e-loud')
    expect(Message).toMatch(/The disk of .* is full; the output of the program cannot be kept/)
    expect(Details).toMatchObject({ IsError: 'true', ErrorCode: 'output.disk-full', Hint: expect.stringContaining('Make room') as unknown })
    disk.makeRoom()
    expect((await node.resultOf('e-quiet')).RunCommandResult).toMatchObject({ ExitCode: 0, Stdout: 'sleeping\nawake\n' })
    await node.isWellAgain('e-2')
    await node.kill()
    await node.begin()
    expect(await node.isWell('e-3')).toBe(true)
    expect(errorsOf('e-loud')).toBe(1)
    await node.eventually('all of it is free', () => node.usedCores < 1e-6)
  })

  it('tells of results that cannot be packed', async () => {
    await node.run('e-1', { args: ['sleep', '1.5'], task: { Publisher: { Type: 'local' } } })
    await node.eventually('it writes', () => existsSync(output('e-1')))
    disk.fill()
    const { Topic, Message, Details } = await node.errorOf('e-1')
    expect([Topic, Message]).toEqual(['Publishing Results', expect.stringContaining('no space left')])
    expect(Details).toMatchObject({ Hint: 'Make room on the disk of the node.' })
    disk.makeRoom()
    await node.isWellAgain('e-between')
    await node.run('e-2', { args: ['hello'], task: { Publisher: { Type: 'local' } } })
    expect((await node.resultOf('e-2')).PublishResult).toMatchObject({ Type: 'urlDownload' })
  })

  it('tells of an input that finds no room, without fetching it again and again', async () => {
    let asked = 0
    server = createServer((request, response) => {
      if (request.method === 'GET') asked += 1
      response.setHeader('Content-Length', 64 << 20)
      if (request.method === 'HEAD') return void response.end()
      for (let piece = 0; piece < 64; piece += 1) response.write(Buffer.alloc(1 << 20))
      response.end()
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const URL = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/big.bin`
    await node.ask('e-1', { args: ['hello'], inputs: [{ Source: { Type: 'urlDownload', Params: { URL } }, Target: '/big' }] })
    // The node knows how much room it has: such a bid is refused unless its owner promises more than there is.
    expect(await node.refusalOf('e-1')).toMatch(/insufficient resources .*disk: 67\.1 MB/)
    await node.kill()
    await node.begin({ SHOAL_TEST_DISK: '1Gb' })
    await node.run('e-2', { args: ['hello'], inputs: [{ Source: { Type: 'urlDownload', Params: { URL } }, Target: '/big' }] })
    const { Message, Details } = await node.errorOf('e-2')
    expect(Message).toContain('no space left on device')
    expect(Details).toMatchObject({ Hint: 'Make room on the disk of the node.' })
    expect(asked).toBe(1)
    await node.isWellAgain('e-3')
  })

  it('that is started on a full disk refuses with the reason, and is well as soon as there is room', async () => {
    await node.run('e-service', { args: ['ticks', '1000000', '0.05'], type: 'service' })
    await node.eventually('it writes', () => existsSync(output('e-service')))
    await node.kill()
    disk.fill()
    await node.begin()
    await node.eventually('it says that it has nothing', () => node.o.all('transport.HeartbeatRequest').at(-1)?.Executions?.length === 0)
    await node.ask('e-1', { args: ['hello'] })
    expect(await node.refusalOf('e-1')).toContain('cannot be stored')
    disk.makeRoom()
    const before = node.o.all('transport.HeartbeatRequest').length
    await node.isWellAgain('e-2')
    // Now it knows of the service again, and says so: what is not wanted any more would be ended.
    await node.eventually('it says what it has', () =>
      node.o
        .all('transport.HeartbeatRequest')
        .slice(before)
        .some(({ Executions }) => Executions?.includes('e-service')),
    )
  })
})
