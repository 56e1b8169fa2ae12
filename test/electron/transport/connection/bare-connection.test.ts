import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBareConnection, type BareConnection, type BareConnectionOptions } from '../../../../electron/transport/connection/bare-connection'
import { quote } from '../../../../electron/nats/server-config'
import { startNatsServer, type NatsServer } from '../../../fixtures/nats-server'

const tls = (name: string): string => join(process.cwd(), 'test/fixtures/tls', name)
let plain: NatsServer
let secure: NatsServer
beforeAll(async () => {
  const users = 'authorization { users: [ { user: u, password: "p" } ] }'
  const files = `tls { cert_file: ${quote(tls('server.cert.pem'))}, key_file: ${quote(tls('server.key.pem'))}, handshake_first: auto }`
  ;[plain, secure] = await Promise.all([startNatsServer({ config: users }), startNatsServer({ config: `${users}\n${files}` })])
})
afterAll(async () => {
  await plain.stop()
  await secure.stop()
})

const open: BareConnection[] = []
const servers: Server[] = []
afterEach(() => {
  for (const connection of open.splice(0)) connection.close()
  for (const server of servers.splice(0)) server.close()
})

async function connect(change: Partial<BareConnectionOptions> = {}): Promise<BareConnection> {
  const connection = await openBareConnection({
    host: '127.0.0.1',
    port: plain.port,
    name: 'test',
    login: { user: 'u', password: 'p' },
    timeoutMs: 2000,
    ...change,
  })
  open.push(connection)
  return connection
}

/** Something that listens and is no NATS server. */
async function stranger(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('openBareConnection', () => {
  it('carries messages, replies and their order', async () => {
    const [one, two] = [await connect(), await connect()]
    const heard: string[] = []
    one.subscribe('a.*', ({ subject, data }) => heard.push(`${subject} ${data.toString()}`))
    one.subscribe('b', ({ data }) => heard.push(`b ${data.toString()}`))
    await one.flush()
    two.publish('a.1', 'ünï\r\ncode')
    two.publish('b', '')
    two.publish('a.2', 'x'.repeat(100_000))
    await two.flush()
    await one.flush()
    expect(heard).toEqual(['a.1 ünï\r\ncode', 'b ', `a.2 ${'x'.repeat(100_000)}`])
  })

  it('tells a refused login from a server that is not there', async () => {
    await expect(connect({ login: { user: 'u', password: 'wrong' } })).rejects.toMatchObject({ code: 'nats.refused' })
    await expect(connect({ port: await stranger((socket) => socket.destroy()) })).rejects.toMatchObject({ code: 'nats.unreachable' })
    await expect(connect({ port: 1 })).rejects.toMatchObject({ code: 'nats.unreachable', message: expect.stringContaining('ECONNREFUSED') as string })
  })

  it('does not wait for somebody who says nothing, or who speaks another language', async () => {
    await expect(connect({ port: await stranger(() => undefined), timeoutMs: 50 })).rejects.toMatchObject({
      code: 'nats.unreachable',
      message: expect.stringContaining('50 ms') as string,
    })
    await expect(connect({ port: await stranger((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')) })).rejects.toMatchObject({
      message: expect.stringContaining('does not speak NATS') as string,
    })
    await expect(connect({ port: await stranger((socket) => socket.write('INFO {}\r\n')) })).rejects.toMatchObject({
      message: expect.stringContaining('not a NATS server') as string,
    })
  })

  it('tells when the connection has ended', async () => {
    const connection = await connect()
    connection.close()
    expect(await connection.closed).toContain('closed')
  })

  it('talks TLS with a server that shows the very certificate, and with no other', async () => {
    const certificate = readFileSync(tls('server.cert.pem'), 'utf8')
    const connection = await connect({ port: secure.port, certificate })
    await connection.flush()
    await expect(connect({ port: secure.port, certificate: readFileSync(tls('other.cert.pem'), 'utf8') })).rejects.toMatchObject({ code: 'nats.tls' })
    await expect(connect({ port: await stranger((socket) => socket.write('INFO {"server_id":"N1"}\r\n')), certificate })).rejects.toMatchObject({
      code: 'nats.tls',
    })
  })
})
