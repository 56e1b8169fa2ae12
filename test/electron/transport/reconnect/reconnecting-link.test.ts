import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { parseAddresses } from '../../../../shared/address'
import { dial, type DialOptions } from '../../../../electron/transport/dial'
import type { LinkEvent, NatsLink } from '../../../../electron/transport/link'
import type { TransportLog } from '../../../../electron/transport/log'
import { startNatsServer, type NatsServer } from '../../../fixtures/nats-server'

/** Machines that run tests may be busy. */
const patiently = { timeout: 10_000, interval: 5 }

const servers: NatsServer[] = []
const links: NatsLink[] = []
const serve = async (config = '', port?: number): Promise<NatsServer> => {
  const server = await startNatsServer({ config, ...(port === undefined ? {} : { port }) })
  servers.push(server)
  return server
}
const again = async (server: NatsServer): Promise<NatsServer> => {
  const next = await server.restart()
  servers.push(next)
  return next
}
const call = async (addresses: string, options: Partial<DialOptions> = {}): Promise<{ link: NatsLink; events: LinkEvent[] }> => {
  const link = await dial({ addresses: parseAddresses([addresses]), name: 'n-test', ...options })
  links.push(link)
  const events: LinkEvent[] = []
  link.on((event) => events.push(event))
  return { link, events }
}
const kinds = (events: readonly LinkEvent[]): string[] => events.map(({ kind }) => kind)
const text = (data: Uint8Array): string => new TextDecoder().decode(data)
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)
function recordingLog(): { log: TransportLog; lines: string[] } {
  const lines: string[] = []
  const write = (message: string, fields?: Readonly<Record<string, unknown>>): void => void lines.push(`${message} ${JSON.stringify(fields ?? {})}`)
  return { log: { debug: write, info: write, warn: write, error: write }, lines }
}

afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.close()))
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

describe.each(['nats', 'ws'] as const)('a link over %s', (scheme) => {
  const config = 'websocket { listen: "127.0.0.1:-1", no_tls: true }'
  const addressOf = (server: NatsServer): string => `${scheme}://127.0.0.1:${scheme === 'ws' ? server.webSocketPort : server.port}`

  it('comes back after its server was killed, with its subscriptions, and sends what was published meanwhile', async () => {
    const server = await serve(config)
    const { link, events } = await call(addressOf(server))
    const heard: string[] = []
    link.subscribe('news', ({ data }) => heard.push(text(data)))
    link.subscribe('question', ({ data, reply }) => link.publish(reply ?? '', bytes(`answer to ${text(data)}`)))
    await link.flush()
    const before = link.server?.serverId

    await server.kill()
    await expect.poll(() => link.server, patiently).toBeUndefined()
    link.publish('news', bytes('meanwhile'))
    const answer = link.request('question', bytes('meanwhile'), { timeoutMs: 10_000 })
    await expect(link.flush()).rejects.toMatchObject({ code: 'nats.disconnected' })
    await expect(link.rttMs()).rejects.toMatchObject({ code: 'nats.disconnected' })
    await again(server)

    expect(text((await answer).data)).toBe('answer to meanwhile')
    await expect.poll(() => heard, patiently).toEqual(['meanwhile'])
    expect(link.server?.serverId).not.toBe(before)
    expect(kinds(events)).toEqual(['disconnected', 'connected', 'servers'])
    link.publish('news', bytes('after'))
    await expect.poll(() => heard, patiently).toEqual(['meanwhile', 'after'])
  })

  it('goes on trying when its token is refused again and again, and comes back when that is right', async () => {
    const server = await serve(`authorization { token: "old" }\n${config}`)
    const tokens = { current: 'old' }
    const { log, lines } = recordingLog()
    const { link, events } = await call(addressOf(server), { credentials: { kind: 'token', token: () => tokens.current }, log, random: () => 0 })
    await server.kill()
    const refusing = await startNatsServer({
      config: `authorization { token: "new" }\n${config.replace('-1', String(server.webSocketPort ?? -1))}`,
      port: server.port,
    })
    servers.push(refusing)

    await expect.poll(() => kinds(events).filter((kind) => kind === 'refused').length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3)
    expect(events).toContainEqual({ kind: 'refused', reason: `${addressOf(server)} refused the token: it is not the one the orchestrator has.` })
    tokens.current = 'new'
    await expect.poll(() => link.server, { timeout: 10_000 }).toBeDefined()
    await link.flush()
    expect(lines.filter((line) => line.includes('refused the token'))).toHaveLength(1)
    expect(JSON.stringify([lines, events])).not.toMatch(/"(old|new)"/)
  })

  it('rejects requests that nobody answers, at once when nobody listens', async () => {
    const { link } = await call(addressOf(await serve(config)))
    await expect(link.request('nobody', bytes(''), { timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'nats.no-responders' })
    link.subscribe('silence', () => undefined)
    await expect(link.request('silence', bytes(''), { timeoutMs: 20 })).rejects.toMatchObject({ code: 'nats.timeout' })
  })

  it('ends for good when it is closed, whatever is under way', async () => {
    const server = await serve(config)
    const { link, events } = await call(addressOf(server))
    link.subscribe('silence', () => undefined)
    const waiting = link.request('silence', bytes(''), { timeoutMs: 10_000 })
    const refused = expect(waiting).rejects.toMatchObject({ code: 'nats.closed' })
    await link.close()
    await refused
    expect(() => link.publish('news', bytes(''))).toThrow(expect.objectContaining({ code: 'nats.closed' }) as Error)
    await expect(link.request('news', bytes(''), { timeoutMs: 10 })).rejects.toMatchObject({ code: 'nats.closed' })
    await expect(link.flush()).rejects.toMatchObject({ code: 'nats.closed' })
    await link.close()
    await link.drain()
    expect(kinds(events)).toEqual(['closed'])
    expect(link.server).toBeUndefined()
  })

  it('survives a handler and a listener that throw', async () => {
    const { log, lines } = recordingLog()
    const { link } = await call(addressOf(await serve(config)), { log })
    const heard: string[] = []
    link.on(() => {
      throw new Error('a listener')
    })
    link.subscribe('news', ({ data }) => {
      heard.push(text(data))
      throw new Error(`at ${text(data)}`)
    })
    link.publish('news', bytes('one'))
    link.publish('news', bytes('two'))
    await expect.poll(() => heard, patiently).toEqual(['one', 'two'])
    expect(lines.filter((line) => line.includes('Error: at'))).toHaveLength(2)
    await link.close()
    expect(lines.some((line) => line.includes('a listener'))).toBe(true)
  })

  it('tells what it may not do, keeps its connection, and refuses what is too large', async () => {
    const { log, lines } = recordingLog()
    const server = await serve(
      `authorization { users: [ { user: u, password: p, permissions: { publish: ["allowed", "_INBOX.>"], subscribe: ["allowed", "_INBOX.>"] } } ] }\n${config}`,
    )
    const { link, events } = await call(addressOf(server).replace('://', '://u:p@'), { log })
    link.publish('forbidden', bytes(''))
    link.subscribe('forbidden', () => undefined)
    await expect.poll(() => lines.filter((line) => line.includes('reported an error') && line.includes('forbidden')).length, patiently).toBe(2)
    expect(() => link.publish('allowed', new Uint8Array(1024 * 1024 + 1))).toThrow(expect.objectContaining({ code: 'nats.too-large' }) as Error)
    const heard: number[] = []
    link.subscribe('allowed', ({ data }) => heard.push(data.length))
    link.publish('allowed', new Uint8Array(1024 * 1024))
    await expect.poll(() => heard, patiently).toEqual([1024 * 1024])
    expect(events).toEqual([])
  })
})

describe('a link that is away from its server', () => {
  it('keeps no more than 8 MiB of messages', async () => {
    const server = await serve()
    const { link } = await call(server.url)
    await server.kill()
    await expect.poll(() => link.server, patiently).toBeUndefined()
    for (let sent = 0; sent < 8; sent++) link.publish('news', new Uint8Array(1024 * 1024))
    expect(() => link.publish('news', new Uint8Array(1))).toThrow(expect.objectContaining({ code: 'nats.disconnected' }) as Error)
    await expect(link.request('news', new Uint8Array(1), { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'nats.disconnected' })
  })

  it('does not send a request that has timed out meanwhile', async () => {
    const server = await serve()
    const { link } = await call(server.url)
    const heard: string[] = []
    link.subscribe('question', ({ data }) => heard.push(text(data)))
    await server.kill()
    await expect.poll(() => link.server, patiently).toBeUndefined()
    await expect(link.request('question', bytes('stale'), { timeoutMs: 10 })).rejects.toMatchObject({ code: 'nats.timeout' })
    link.publish('question', bytes('fresh'))
    await again(server)
    await expect.poll(() => heard, patiently).toEqual(['fresh'])
  })

  it('stops trying when it is closed', async () => {
    const server = await serve('debug: true')
    const { link, events } = await call(server.url, { reconnectDelayMs: () => 1 })
    await server.kill()
    await expect.poll(() => kinds(events), patiently).toContain('disconnected')
    await link.close()
    const back = await again(server)
    for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve))
    const { link: witness } = await call(back.url)
    await witness.flush()
    // The check of the test that the server answers, and the witness; nobody else.
    expect(back.log().match(/Client connection created/g)).toHaveLength(2)
    expect(kinds(events)).toEqual(['disconnected', 'closed'])
  })

  it('does not wait long for a server that is not ready to decide yet', async () => {
    const server = await serve()
    const { link } = await call(server.url)
    await server.kill()
    const held: Socket[] = []
    const mute = createServer((socket) => held.push(socket.on('error', () => socket.destroy())))
    await new Promise<void>((resolve) => mute.listen(server.port, '127.0.0.1', resolve))
    await expect.poll(() => held.length, patiently).toBeGreaterThan(0)
    // The real one takes the port; the connection that was taken before stays open and mute.
    mute.close()
    await again(server)
    const start = performance.now()
    await expect.poll(() => link.server, patiently).toBeDefined()
    expect(performance.now() - start).toBeLessThan(1500)
    for (const socket of held) socket.destroy()
  })

  it('reconnects after a server that hangs, found by unanswered pings', async () => {
    const server = await serve()
    const { link, events } = await call(server.url, { pingIntervalMs: 50 })
    server.signal('SIGSTOP')
    await expect.poll(() => kinds(events), patiently).toContain('disconnected')
    server.signal('SIGCONT')
    await expect.poll(() => link.server, patiently).toBeDefined()
  })
})

describe('a link to a cluster', () => {
  const cluster = (name: string, routes: string): string =>
    `server_name: ${name}\ncluster { name: c, listen: "127.0.0.1:-1" ${routes} }\nlame_duck_duration: "30s"\nlame_duck_grace_period: "1s"`

  it('learns the other servers, and moves when its own dies', async () => {
    const first = await serve(cluster('first', ''))
    const second = await serve(cluster('second', `, routes: ["nats://127.0.0.1:${first.clusterPort}"]`))
    const { link, events } = await call(`t0ken@127.0.0.1:${first.port}`)
    await expect.poll(() => link.servers, { timeout: 10_000 }).toEqual({ configured: [first.url], discovered: [second.url] })
    const heard: string[] = []
    link.subscribe('news', ({ data }) => heard.push(text(data)))
    expect(link.server?.serverName).toBe('first')

    await first.kill()
    await expect.poll(() => link.server?.serverName, patiently).toBe('second')
    link.publish('news', bytes('moved'))
    await expect.poll(() => heard, patiently).toEqual(['moved'])
    expect(kinds(events)).toContain('servers')
    expect(JSON.stringify([events, link.servers])).not.toContain('t0ken')

    // The configured server stays in the pool, and is the way back.
    await again(first)
    await second.kill()
    await expect.poll(() => link.server?.serverName, { timeout: 10_000 }).toBe('first')
  })

  it('learns WebSocket addresses over a WebSocket', async () => {
    const webSocket = 'websocket { listen: "127.0.0.1:-1", no_tls: true }'
    const first = await serve(`${cluster('first', '')}\n${webSocket}`)
    const second = await serve(`${cluster('second', `, routes: ["nats://127.0.0.1:${first.clusterPort}"]`)}\n${webSocket}`)
    const { link } = await call(`ws://127.0.0.1:${first.webSocketPort}`)
    await expect.poll(() => link.servers.discovered, { timeout: 10_000 }).toEqual([`ws://127.0.0.1:${second.webSocketPort}`])
    await first.kill()
    await expect.poll(() => link.server?.serverName, patiently).toBe('second')
  })

  it('moves on when its server says that it will go', async () => {
    const first = await serve(cluster('first', ''))
    const second = await serve(cluster('second', `, routes: ["nats://127.0.0.1:${first.clusterPort}"]`))
    const { link } = await call(`${first.url},${second.url}`)
    expect(link.server?.serverName).toBe('first')
    first.signal('SIGUSR2')
    await expect.poll(() => link.server?.serverName, { timeout: 10_000 }).toBe('second')
  })

  it('takes messages that cross from the other server', async () => {
    const first = await serve(cluster('first', ''))
    const second = await serve(cluster('second', `, routes: ["nats://127.0.0.1:${first.clusterPort}"]`))
    const { link: one } = await call(first.url)
    const { link: two } = await call(second.url)
    two.subscribe('question', ({ reply }) => two.publish(reply ?? '', bytes('yes')))
    await two.flush()
    await expect
      .poll(() =>
        one.request('question', bytes(''), { timeoutMs: 1000 }).then(
          ({ data }) => text(data),
          () => '',
        ),
      )
      .toBe('yes')
  })
})

describe('a hundred links', () => {
  it('are all back within two seconds of their server', async () => {
    const server = await serve()
    let rounds = 0
    const random = (): number => {
      rounds++
      return Math.random()
    }
    const hundred = await Promise.all(Array.from({ length: 100 }, () => call(server.url, { random })))
    await server.kill()
    // Past the quick first tries of all of them.
    await expect.poll(() => rounds, { timeout: 15_000 }).toBeGreaterThan(800)
    await again(server)
    const start = performance.now()
    await expect.poll(() => hundred.filter(({ link }) => link.server === undefined).length, { interval: 10, timeout: 5000 }).toBe(0)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
