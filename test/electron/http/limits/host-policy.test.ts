import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveApi } from '../../../../electron/http/serve-api'
import type { ApiServer } from '../../../../electron/http/serve-api'
import { handlers, log, raw, version } from '../../../fixtures/http/sample-api'

let api: ApiServer
beforeAll(async () => {
  api = await serveApi({ host: 'loopback', port: 0, servedBy: 'every-node', handlers, version, log })
})
afterAll(() => api.close())

describe('callers', () => {
  const statusFor = async (port: number, headers: string, host?: string) =>
    Number(/^HTTP\/1.1 (\d+)/.exec(await raw(port, `GET /api/v1/agent/alive HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`, host))?.[1])

  it.each([
    ['Host: 127.0.0.1:PORT\r\n', 200],
    ['Host: localhost:PORT\r\n', 200],
    ['Host: LOCALHOST\r\n', 200],
    ['Host: localhost.\r\n', 200],
    ['Host: [::1]:PORT\r\n', 200],
    ['Host: 127.8.8.8\r\n', 200],
    ['Host: evil.example\r\n', 403],
    ['Host: evil.example:PORT\r\n', 403],
    ['Host: localhost.evil.example\r\n', 403],
    ['Host: 127.0.0.1.evil.example\r\n', 403],
    ['Host: evil@localhost\r\n', 403],
    ['Host: 10.1.2.3\r\n', 403],
    ['Host: 0.0.0.0:PORT\r\n', 403],
    ['Host: \r\n', 403],
    ['', 400],
    ['Host: localhost:PORT\r\nOrigin: http://localhost:PORT\r\n', 200],
    ['Host: localhost:PORT\r\nOrigin: http://evil.example\r\n', 403],
    ['Host: localhost:PORT\r\nOrigin: http://localhost:1\r\n', 403],
    ['Host: localhost:PORT\r\nOrigin: null\r\n', 403],
    ['Host: localhost:PORT\r\nOrigin: file://\r\n', 403],
    ['Host: localhost:PORT\r\nOrigin: http://evil.example/http://localhost:PORT\r\n', 403],
    ['Host: localhost:PORT\r\nSec-Fetch-Site: cross-site\r\n', 403],
    ['Host: localhost:PORT\r\nSec-Fetch-Site: none\r\n', 200],
  ])('bound to loopback, %j: %i', async (headers, status) => {
    expect(await statusFor(api.port, headers.replaceAll('PORT', String(api.port)))).toBe(status)
  })

  it('gives no page of another site leave to read, not even by preflight', async () => {
    for (const method of ['OPTIONS', 'GET']) {
      const text = await raw(
        api.port,
        `${method} /api/v1/agent/alive HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n`,
      )
      expect(text).toMatch(/^HTTP\/1.1 403/)
      expect(text.toLowerCase()).not.toContain('access-control-')
      expect(text).toContain('"Code":"Forbidden"')
    }
    expect(await raw(api.port, 'OPTIONS /api/v1/agent/alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 204/)
  })

  it('an absolute target counts as the host', async () => {
    const status = async (target: string) =>
      Number(/^HTTP\/1.1 (\d+)/.exec(await raw(api.port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`))?.[1])
    expect(await status('http://evil.example/api/v1/agent/alive')).toBe(403)
    expect(await status('http://localhost/api/v1/agent/alive')).toBe(200)
    expect(await status('//evil.example/api/v1/agent/alive')).toBe(404)
  })

  it('bound wider, it also takes this machine by its own addresses and by the names it was told, and no other', async () => {
    const wide = await serveApi({ host: '0.0.0.0', port: 0, servedBy: 'every-node', handlers, version, log, extraHosts: ['cluster.example'] })
    try {
      expect(wide.url).toBe(`http://127.0.0.1:${String(wide.port)}`)
      const own = Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ family }) => family === 'IPv4')
      for (const { address } of own)
        expect([address, await statusFor(wide.port, `Host: ${address}:${String(wide.port)}\r\n`, address)]).toEqual([address, 200])
      expect(await statusFor(wide.port, 'Host: cluster.example\r\n')).toBe(200)
      expect(await statusFor(wide.port, 'Host: evil.example\r\n')).toBe(403)
      expect(await statusFor(wide.port, 'Host: 203.0.113.9\r\n')).toBe(403)
    } finally {
      await wide.close()
    }
  })
})
