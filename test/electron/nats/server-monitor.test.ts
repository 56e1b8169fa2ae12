import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { accounts } from '../../../electron/nats/credentials'
import { listConnections, messagesPerSecond, serverFacts, subscriptionsOf } from '../../../electron/nats/server-monitor'
import { dial } from '../../../electron/transport/dial'
import type { NatsLink } from '../../../electron/transport/link'
import { bundle } from '../../fixtures/bundle'
import { startGuardedServer, type GuardedServer } from '../../fixtures/embedded-server'
import { eventually } from '../../fixtures/eventually'

let cluster: GuardedServer
let link: NatsLink
const nodes: NatsConnection[] = []
beforeAll(async () => {
  const gate = await bundle('electron/gate.ts')
  cluster = await startGuardedServer(gate.file, ['right'])
  gate.remove()
  const { host, port, credentials } = cluster.server
  link = await dial({ addresses: [{ scheme: 'nats', host, port }], name: 'system', credentials: { kind: 'user', ...credentials.system } })
})
afterAll(async () => {
  for (const node of nodes) await node.close()
  await link.close()
  await cluster.stop()
})

async function node(name: string): Promise<NatsConnection> {
  const connection = await connect({ port: cluster.server.port, name, token: 'right' })
  nodes.push(connection)
  return connection
}

describe('listConnections', () => {
  it('lists the nodes of an account with address, age and round trip', async () => {
    const one = await node('n-1')
    const listed = (await listConnections(link, { account: accounts.nodes })).find(({ name }) => name === 'n-1')
    expect(listed).toMatchObject({ clientId: one.info?.client_id, host: '127.0.0.1', account: 'NODES', rttMs: expect.any(Number) as number })
    expect(Math.abs((listed?.since ?? 0) - Date.now())).toBeLessThan(10_000)
    expect((await listConnections(link)).map(({ account }) => account)).toContain('SYS')
    expect((await listConnections(link, { account: accounts.nodes })).map(({ account }) => account)).not.toContain('SYS')
  })

  it('lists more than fit one answer', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => node(`many-${index}`)))
    const names = (await listConnections(link, { account: accounts.nodes, pageSize: 3 })).map(({ name }) => name)
    expect(names.filter((name) => name.startsWith('many-')).sort()).toEqual(Array.from({ length: 8 }, (_, index) => `many-${index}`))
  })
})

describe('subscriptionsOf', () => {
  it('tells what a connection listens to, and nothing of one that is gone', async () => {
    const two = await node('n-2')
    two.subscribe('bacalhau.global.compute.n-2.in.msgs')
    await two.flush()
    const clientId = two.info?.client_id ?? 0
    expect(await subscriptionsOf(link, clientId)).toContain('bacalhau.global.compute.n-2.in.msgs')
    await two.close()
    await eventually('it is gone', async () => (await subscriptionsOf(link, clientId)).length === 0)
  })
})

describe('serverFacts', () => {
  it('counts messages, so that two looks give a rate', async () => {
    const before = await serverFacts(link)
    expect(before).toMatchObject({ serverId: cluster.server.serverId, version: cluster.server.version })
    expect(before.connections).toBeGreaterThanOrEqual(2)
    const three = await node('n-3')
    for (let index = 0; index < 100; index += 1) three.publish('bacalhau.global.compute.n-3.out.msgs', 'x')
    await three.flush()
    const after = await serverFacts(link)
    expect(after.inMessages - before.inMessages).toBeGreaterThanOrEqual(100)
    expect(messagesPerSecond(before, after)).toBeGreaterThan(0)
  })

  it('makes no rate across a restart, nor out of no time', async () => {
    const now = await serverFacts(link)
    expect(messagesPerSecond(now, now)).toBe(0)
    expect(messagesPerSecond({ ...now, at: now.at - 1000, serverId: 'another', inMessages: 0 }, now)).toBe(0)
  })

  it('rejects while there is no server', async () => {
    await expect(serverFacts({ ...link, server: undefined })).rejects.toMatchObject({ code: 'nats.closed' })
  })
})
