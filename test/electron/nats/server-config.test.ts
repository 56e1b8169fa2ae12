import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newIssuer } from '../../../electron/access/nkey'
import { newCredentials } from '../../../electron/nats/credentials'
import { quote, renderServerConfig, type ServerSettings } from '../../../electron/nats/server-config'
import { openBareConnection } from '../../../electron/transport/connection/bare-connection'
import { natsServerBinary, startNatsServer } from '../../fixtures/nats-server'

const tls = { certFile: join(process.cwd(), 'test/fixtures/tls/server.cert.pem'), keyFile: join(process.cwd(), 'test/fixtures/tls/server.key.pem') }
let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'config-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function settings(change: Partial<ServerSettings> = {}): ServerSettings {
  return {
    nodeId: 'n-1',
    host: '127.0.0.1',
    port: 4222,
    supportReverseProxy: false,
    storeDir: join(dir, 'store'),
    credentials: newCredentials(),
    issuerPublicKey: newIssuer().publicKey,
    ...change,
  }
}

/** What nats-server itself says of a configuration; throws with its words. */
function check(text: string): string {
  const file = join(dir, 'nats.conf')
  writeFileSync(file, text)
  return execFileSync(natsServerBinary(), ['-t', '-c', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

describe('renderServerConfig', () => {
  it.each<[string, Partial<ServerSettings>]>([
    ['nothing special', {}],
    ['an address to tell', { advertise: 'orch.example.org:4222', host: '0.0.0.0' }],
    ['IPv6', { host: '::1' }],
    ['TLS', { tls }],
    ['TLS behind a proxy', { tls, supportReverseProxy: true }],
    ['a proxy that does the TLS', { supportReverseProxy: true }],
    ['WebSocket', { websocket: { host: '127.0.0.1', port: 4280 } }],
    ['WebSocket with TLS', { tls, websocket: { host: '0.0.0.0', port: 4280, advertise: 'orch.example.org:443', tls } }],
    ['odd folders', { storeDir: '/srv/a "b" $c {d} # \\e' }],
  ])('is taken by nats-server: %s', (_what, change) => {
    expect(() => check(renderServerConfig(settings(change)))).not.toThrow()
  })

  it('asks for durable writes, three accounts, and answers of the gate within 5 s', () => {
    const text = renderServerConfig(settings())
    expect(text).toContain('sync_interval: always')
    expect(text).toContain('system_account: SYS')
    expect(text).toMatch(/STATE: \{ jetstream: enabled/)
    expect(text).toContain('timeout: 5')
    expect(text).toContain('auth_users: [ "system", "state", "orchestrator" ]')
  })

  it('gives a TLS handshake 10 s, or what is configured', () => {
    expect(renderServerConfig(settings({ tls }))).toMatch(/tls \{[^}]*timeout: 10,/)
    expect(renderServerConfig(settings({ tls: { ...tls, timeoutS: 3 } }))).toMatch(/tls \{[^}]*timeout: 3,/)
  })

  it('opens no monitoring port, whose pages have no login', () => {
    expect(renderServerConfig(settings({ tls, websocket: { host: '127.0.0.1', port: 4280 } }))).not.toMatch(/\bhttps?(_port)?:/)
  })
})

describe('quote', () => {
  it('keeps every text whole, as the server reads it', async () => {
    const passwords = fc.sample(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !text.startsWith('$2')),
      { numRuns: 60, seed: 7 },
    )
    const nasty = [
      '"',
      '\\',
      '\\x41',
      '$HOME',
      "'",
      '}',
      '# no',
      '// no',
      '\n',
      '\u0000',
      '\u0007',
      '\u0085',
      '%',
      ' blank ',
      'über',
      '日本',
      '🐟',
      '\t',
      '"$x"',
      'true',
      '1k',
      'include "/etc/passwd"',
    ]
    const texts = [...passwords, ...nasty]
    const users = texts.map((text, index) => `{ user: u${index}, password: ${quote(text)} }`).join('\n')
    const server = await startNatsServer({ config: `authorization { users: [ ${users} ] }` })
    for (const [index, password] of texts.entries()) {
      const connection = await openBareConnection({
        host: '127.0.0.1',
        port: server.port,
        name: 'test',
        login: { user: `u${index}`, password },
        timeoutMs: 2000,
      })
      connection.close()
    }
    await expect(
      openBareConnection({ host: '127.0.0.1', port: server.port, name: 'test', login: { user: 'u0', password: 'another' }, timeoutMs: 2000 }),
    ).rejects.toMatchObject({ code: 'nats.refused' })
    await server.stop()
  })

  it('keeps a path whole', async () => {
    const folder = join(dir, 'a "b" $c {d} # \\e \'f\' ü')
    mkdirSync(folder)
    const server = await startNatsServer({ config: `jetstream { store_dir: ${quote(folder)} }\npid_file: ${quote(join(folder, 'pid'))}` })
    expect(Number(readFileSync(join(folder, 'pid'), 'utf8'))).toBe(server.pid)
    await server.stop()
  })
})
