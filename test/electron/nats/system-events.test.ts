import { spawn, type ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '@nats-io/transport-node'
import { accounts } from '../../../electron/nats/credentials'
import { watchConnections, type ConnectedEvent, type DisconnectedEvent } from '../../../electron/nats/system-events'
import { dial } from '../../../electron/transport/dial'
import type { LinkMessage, NatsLink } from '../../../electron/transport/link'
import { bundle, type Bundle } from '../../fixtures/bundle'
import { startGuardedServer, type GuardedServer } from '../../fixtures/embedded-server'
import { eventually } from '../../fixtures/eventually'

let cluster: GuardedServer
let link: NatsLink
let quietNode: Bundle
beforeAll(async () => {
  const [gate, program] = await Promise.all([bundle('electron/gate.ts'), bundle('test/fixtures/programs/quiet-node.ts')])
  quietNode = program
  cluster = await startGuardedServer(gate.file, ['right'])
  gate.remove()
  const { host, port, credentials } = cluster.server
  link = await dial({ addresses: [{ scheme: 'nats', host, port }], name: 'system', credentials: { kind: 'user', ...credentials.system } })
})
afterAll(async () => {
  await link.close()
  await cluster.stop()
  quietNode.remove()
})

interface Watched {
  readonly came: ConnectedEvent[]
  readonly went: DisconnectedEvent[]
  readonly trouble: string[]
  stop(): void
}

async function watch(over: NatsLink = link): Promise<Watched> {
  const came: ConnectedEvent[] = []
  const went: DisconnectedEvent[] = []
  const trouble: string[] = []
  const handlers = { connected: (event: ConnectedEvent) => void came.push(event), disconnected: (event: DisconnectedEvent) => void went.push(event) }
  const stop = watchConnections(over, handlers, { account: accounts.nodes, onTrouble: (message) => trouble.push(message) })
  await over.flush()
  return { came, went, trouble, stop }
}

async function runNode(name: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [quietNode.file, String(cluster.server.port), name], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end('right')
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child
}

describe('watchConnections', () => {
  it('tells of a node that comes and goes, with the same client id', async () => {
    const { came, went, stop } = await watch()
    const before = Date.now()
    const node = await connect({ port: cluster.server.port, name: 'n-1', token: 'right' })
    const clientId = node.info?.client_id
    await eventually('it has come', () => came.length === 1)
    expect(came[0]).toEqual({
      clientId,
      serverId: cluster.server.serverId,
      name: 'n-1',
      host: '127.0.0.1',
      account: 'NODES',
      at: expect.any(Number) as number,
    })
    expect(Math.abs((came[0]?.at ?? 0) - before)).toBeLessThan(2000)
    await node.close()
    await eventually('it has gone', () => went.length === 1)
    expect(went[0]).toMatchObject({ clientId, name: 'n-1', reason: 'Client Closed', since: came[0]?.at })
    stop()
  })

  it('says nothing of refused connections, nor of those of other accounts', async () => {
    const { came, went, stop } = await watch()
    await expect(connect({ port: cluster.server.port, name: 'n-2', token: 'wrong' })).rejects.toThrow()
    const { user, password } = cluster.server.credentials.state
    await (await connect({ port: cluster.server.port, name: 'ledger', user, pass: password })).close()
    const node = await connect({ port: cluster.server.port, name: 'n-3', token: 'right' })
    await node.close()
    await eventually('the good one has gone', () => went.length === 1)
    expect([...came, ...went].map(({ name }) => name)).toEqual(['n-3', 'n-3'])
    stop()
  })

  it('tells once of what the server repeats, and anew after a restart of the server', () => {
    const { link: fake, say } = scripted()
    const came: number[] = []
    watchConnections(fake, { connected: ({ clientId }) => void came.push(clientId), disconnected: () => undefined })
    const event = (server: string, id: number): object => ({ timestamp: '2026-11-24T08:00:00Z', server: { id: server }, client: { id, name: 'n-1' } })
    say('CONNECT', event('A', 7))
    say('CONNECT', event('A', 7))
    say('DISCONNECT', event('A', 7))
    say('CONNECT', event('A', 8))
    say('CONNECT', event('B', 8))
    expect(came).toEqual([7, 8, 8])
  })

  it('tells of an event that cannot be read, and goes on', () => {
    const { link: fake, say } = scripted()
    const trouble: string[] = []
    const went: string[] = []
    watchConnections(
      fake,
      { connected: () => undefined, disconnected: ({ reason }) => void went.push(reason) },
      { onTrouble: (message) => trouble.push(message) },
    )
    say('DISCONNECT', { nothing: 'known' })
    say('DISCONNECT', { server: { id: 'A' }, client: { id: 1 }, reason: 'Stale Connection' })
    expect(trouble).toHaveLength(1)
    expect(went).toEqual(['Stale Connection'])
  })

  it.runIf(process.platform !== 'win32')('tells at once of a node that was killed', async () => {
    const { went, stop } = await watch()
    const node = await runNode('n-killed')
    const killedAt = performance.now()
    node.kill('SIGKILL')
    await eventually('it has gone', () => went.length === 1)
    expect(performance.now() - killedAt).toBeLessThan(1000)
    expect(went[0]).toMatchObject({ name: 'n-killed', reason: 'Client Closed' })
    stop()
  })

  it.runIf(process.platform !== 'win32')('tells within 3.5 s of a node that hangs', async () => {
    const { went, stop } = await watch()
    const nodes = await Promise.all(['n-hung-1', 'n-hung-2', 'n-hung-3'].map(runNode))
    const frozenAt = performance.now()
    for (const node of nodes) node.kill('SIGSTOP')
    await eventually('all are gone', () => went.length === 3, 3500)
    expect(performance.now() - frozenAt).toBeGreaterThan(1000)
    expect(went.map(({ reason }) => reason)).toEqual(['Stale Connection', 'Stale Connection', 'Stale Connection'])
    for (const node of nodes) node.kill('SIGKILL')
    stop()
  })
})

/** A link on which the server's events are said by the test. */
function scripted(): { readonly link: NatsLink; say(kind: 'CONNECT' | 'DISCONNECT', event: object): void } {
  const handlers = new Map<string, (message: LinkMessage) => void>()
  const subscribe: NatsLink['subscribe'] = (subject, handler) => {
    handlers.set(subject, handler)
    return { unsubscribe: () => handlers.delete(subject) }
  }
  return {
    link: { ...link, subscribe },
    say: (kind, event) => {
      const subject = `$SYS.ACCOUNT.*.${kind}`
      handlers.get(subject)?.({ subject, reply: undefined, data: Buffer.from(JSON.stringify(event)), header: () => undefined, status: 0 })
    },
  }
}
