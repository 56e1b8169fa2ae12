import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parseAddresses } from '../../../shared/address'
import { AppError } from '../../../shared/errors'
import { dial, type DialOptions } from '../../../electron/transport/dial'
import type { NatsLink } from '../../../electron/transport/link'
import { startNatsServer, type NatsServer } from '../../fixtures/nats-server'

const certificate = (name: string): string => join(import.meta.dirname, '../../fixtures/certificates', name)
const ca = readFileSync(certificate('ca.pem'), 'utf8')
const otherCa = readFileSync(certificate('other-ca.pem'), 'utf8')
const tlsBlock = (name: string, more = ''): string =>
  `cert_file: ${JSON.stringify(certificate(`${name}.pem`))}, key_file: ${JSON.stringify(certificate(`${name}-key.pem`))} ${more}`

const servers: NatsServer[] = []
const links: NatsLink[] = []
const listeners: Server[] = []
const serve = async (config: string): Promise<NatsServer> => {
  const server = await startNatsServer({ config })
  servers.push(server)
  return server
}
const call = async (addresses: readonly string[], options: Partial<DialOptions> = {}): Promise<NatsLink> => {
  const link = await dial({ addresses: parseAddresses(addresses), name: 'n-test', ...options })
  links.push(link)
  return link
}
const refusal = async (addresses: readonly string[], options: Partial<DialOptions> = {}): Promise<AppError> => {
  try {
    await call(addresses, options)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('connected')
}
const listen = async (onConnection: (socket: Socket) => void): Promise<number> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => socket.destroy()))
    onConnection(socket)
  })
  server.on('close', () => {
    for (const socket of sockets) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  listeners.push(server)
  return (server.address() as AddressInfo).port
}
const echoes = async (link: NatsLink): Promise<void> => {
  const echo = link.subscribe('echo', ({ data, reply, header }) => {
    if (reply !== undefined) link.publish(reply, data, { headers: { Heard: header('Said') ?? 'nothing' } })
  })
  const answer = await link.request('echo', new TextEncoder().encode('hello'), { timeoutMs: 2000, headers: { Said: 'grüezi' } })
  expect(new TextDecoder().decode(answer.data)).toBe('hello')
  expect(answer.header('Heard')).toBe('grüezi')
  expect(answer.header('heard')).toBeUndefined()
  echo.unsubscribe()
}

afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.close()))
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  for (const listener of listeners.splice(0)) listener.close()
})

describe('dial', () => {
  it('speaks over TCP and WebSocket, with the token in the address or apart', async () => {
    const server = await serve('authorization { token: "s3cret" }\nwebsocket { listen: "127.0.0.1:-1", no_tls: true }')
    const credentials = { kind: 'token', token: () => 's3cret' } as const
    for (const link of [
      await call([`s3cret@127.0.0.1:${server.port}`]),
      await call([`nats://127.0.0.1:${server.port}`], { credentials }),
      await call([`s3cret@127.0.0.1:${server.port}`], { credentials: { kind: 'token', token: () => 'wrong' } }),
      await call([`ws://s3cret@127.0.0.1:${server.webSocketPort}`]),
      await call([`ws://localhost:${server.webSocketPort}`], { credentials }),
    ]) {
      await echoes(link)
      expect(await link.rttMs()).toBeGreaterThan(0)
      expect(link.server).toMatchObject({
        serverId: expect.stringMatching(/^N/) as string,
        version: expect.stringMatching(/^2\./) as string,
        tls: false,
      })
      expect(link.server?.clientId).toBeGreaterThan(0)
      expect(JSON.stringify([link.server, link.servers])).not.toContain('s3cret')
    }
  })

  it('logs in with user and password', async () => {
    const server = await serve('authorization { user: "u", password: "p" }')
    await echoes(await call([`u:p@127.0.0.1:${server.port}`]))
    await echoes(await call([`127.0.0.1:${server.port}`], { credentials: { kind: 'user', user: 'u', password: 'p' } }))
    const error = await refusal([`u:wrong@127.0.0.1:${server.port}`])
    expect(error).toMatchObject({ code: 'nats.refused', message: `nats://127.0.0.1:${server.port} refused the user and password.` })
  })

  it('says in one sentence that the token is wrong or missing', async () => {
    const server = await serve('authorization { token: "s3cret" }\nwebsocket { listen: "127.0.0.1:-1", no_tls: true }')
    for (const [scheme, port] of [
      ['nats', server.port],
      ['ws', server.webSocketPort],
    ] as const) {
      const wrong = await refusal([`${scheme}://wr0ng@127.0.0.1:${port}`])
      expect(wrong).toMatchObject({
        code: 'nats.refused',
        message: `${scheme}://127.0.0.1:${port} refused the token: it is not the one the orchestrator has.`,
      })
      expect(JSON.stringify([wrong.message, wrong.hint, wrong.details])).not.toContain('wr0ng')
      const missing = await refusal([`${scheme}://127.0.0.1:${port}`], { credentials: { kind: 'token', token: () => undefined } })
      expect(missing).toMatchObject({
        code: 'nats.refused',
        message: `${scheme}://127.0.0.1:${port} asks for a token and none is set.`,
        hint: expect.stringContaining('Compute.Auth.Token') as string,
      })
    }
  })

  it('passes over dead servers, and names all it tried when none takes it', async () => {
    const server = await serve('')
    const link = await call(['127.0.0.1:1', `127.0.0.1:${server.port}`])
    expect(link.server?.address).toBe(`nats://127.0.0.1:${server.port}`)

    const error = await refusal(['t0ken@127.0.0.1:1', 'no-such-host.invalid', '127.0.0.1:2'])
    expect(error.code).toBe('nats.unreachable')
    expect(error.message).toContain('nats://127.0.0.1:1: nothing listens there')
    expect(error.message).toContain('nats://no-such-host.invalid:4222: the host name ')
    expect(error.message).toContain('nats://127.0.0.1:2: nothing listens there')
    expect(error.message).not.toContain('t0ken')
    expect(error.hint).toContain('4222')
  })

  it('gives up on servers that are silent, or not NATS', async () => {
    const silent = await listen(() => undefined)
    const http = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const garbage = await listen((socket) => socket.write(Buffer.alloc(70_000, 0x41)))
    const closing = await listen((socket) => socket.destroy())
    const options = { connectTimeoutMs: 150 }
    for (const scheme of ['nats', 'ws']) {
      expect(await refusal([`${scheme}://127.0.0.1:${silent}`], options)).toMatchObject({
        code: 'nats.unreachable',
        message: expect.stringContaining('did not answer in time') as string,
      })
      for (const port of [http, garbage, closing])
        expect(await refusal([`${scheme}://127.0.0.1:${port}`], options)).toMatchObject({ code: 'nats.unreachable' })
    }
    expect((await refusal([`127.0.0.1:${http}`], options)).message).toContain('not a NATS server')
  })

  it('wants an address', async () => {
    expect(await refusal([])).toMatchObject({ code: 'address.missing' })
  })
})

describe('dial with TLS', () => {
  it('trusts a CA of ours, by whatever name or IP the certificate holds', async () => {
    const server = await serve(`tls { ${tlsBlock('server')} }\nwebsocket { listen: "127.0.0.1:-1", tls { ${tlsBlock('server')} } }`)
    for (const address of [
      `nats://127.0.0.1:${server.port}`,
      `tls://localhost:${server.port}`,
      `wss://localhost:${server.webSocketPort}`,
      `wss://127.0.0.1:${server.webSocketPort}`,
    ]) {
      const link = await call([address], { tls: { ca } })
      await echoes(link)
      expect(link.server?.tls, address).toBe(true)
    }
    const byIp = await serve(`tls { ${tlsBlock('ip-only')} }`)
    await echoes(await call([`127.0.0.1:${byIp.port}`], { tls: { ca } }))
  })

  it('refuses a certificate that is not trusted, or for another name', async () => {
    const server = await serve(`tls { ${tlsBlock('server')} }\nwebsocket { listen: "127.0.0.1:-1", tls { ${tlsBlock('server')} } }`)
    const elsewhere = await serve(`tls { ${tlsBlock('elsewhere')} }\nwebsocket { listen: "127.0.0.1:-1", tls { ${tlsBlock('elsewhere')} } }`)
    const nameOnly = await serve(`tls { ${tlsBlock('name-only')} }`)
    const untrusted = 'its certificate comes from an authority that is not trusted here'
    for (const address of [`nats://127.0.0.1:${server.port}`, `tls://127.0.0.1:${server.port}`, `wss://localhost:${server.webSocketPort}`]) {
      for (const tls of [{}, { ca: otherCa }]) {
        expect(await refusal([address], { tls }), address).toMatchObject({
          code: 'nats.tls',
          message: expect.stringContaining(untrusted) as string,
          hint: expect.stringContaining('Compute.TLS.CACert') as string,
        })
      }
    }
    for (const address of [
      `127.0.0.1:${elsewhere.port}`,
      `tls://localhost:${elsewhere.port}`,
      `wss://localhost:${elsewhere.webSocketPort}`,
      `127.0.0.1:${nameOnly.port}`,
    ]) {
      expect(await refusal([address], { tls: { ca } }), address).toMatchObject({
        code: 'nats.tls',
        message: expect.stringContaining('for another name') as string,
      })
    }
  })

  it('stays in clear where TLS is merely on offer, and never falls back to clear where it was asked for', async () => {
    const offering = await serve(`tls { ${tlsBlock('server')} }\nallow_non_tls: true`)
    const link = await call([`127.0.0.1:${offering.port}`])
    await echoes(link)
    expect(link.server?.tls).toBe(false)
    const plain = await serve('')
    for (const [address, tls] of [
      [`tls://127.0.0.1:${plain.port}`, {}],
      [`nats://127.0.0.1:${plain.port}`, { ca }],
    ] as const) {
      expect(await refusal([address], { tls })).toMatchObject({ code: 'nats.tls', message: expect.stringContaining('does not offer TLS') as string })
    }
    // One tls:// entry makes the whole pool TLS.
    expect(await refusal([`127.0.0.1:${plain.port}`, 'tls://127.0.0.1:1'])).toMatchObject({ code: 'nats.tls' })
  })

  it('shakes hands first when that is required', async () => {
    const auto = await serve(`tls { ${tlsBlock('server')}, handshake_first: auto }`)
    await echoes(await call([`127.0.0.1:${auto.port}`], { tls: { ca, requireTls: true } }))
    await echoes(await call([`127.0.0.1:${auto.port}`], { tls: { ca } }))
    const classic = await serve(`tls { ${tlsBlock('server')} }`)
    const error = await refusal([`127.0.0.1:${classic.port}`], { tls: { ca, requireTls: true } })
    expect(error).toMatchObject({ code: 'nats.tls', hint: expect.stringContaining('RequireTLS') as string })
  })
})
