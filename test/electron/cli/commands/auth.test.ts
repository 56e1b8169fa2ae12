import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeShoalHome } from '../../../fixtures/shoal-command'
import type { ShoalHome } from '../../../fixtures/shoal-command'

let home: ShoalHome
beforeAll(() => {
  home = makeShoalHome()
})
afterAll(() => home.remove())

/** What `auth info` prints of an API whose `authconfig` is this. */
async function infoOf(config: object, env: Readonly<Record<string, string>> = {}) {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ Version: '1.0.0', Config: config }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const port = (server.address() as AddressInfo).port
  try {
    return { port, ...(await home.run(['auth', 'info', '--api-port', String(port)], { env })) }
  } finally {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
}

describe('auth info', () => {
  it('tells the API, what the environment holds, and that nobody signs people in', async () => {
    const { code, out, err, port } = await infoOf({})
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(`Target environment: http://127.0.0.1:${port}\n`)
    expect(out).toContain('API Key: Not Set\nUsername: Not Set\nPassword: Not Set\n')
    expect(out).toContain('Server does not support SSO login')
  })

  it('names the provider, and no secret', async () => {
    const { out } = await infoOf({ ProviderID: 'acme', ProviderName: 'Acme' }, { BACALHAU_API_KEY: 'very-secret-key' })
    expect(out).toContain('API Key: Set\n')
    expect(out).toContain('Provider Name: Acme\nProvider ID: acme\nVersion: 1.0.0\n')
    expect(out).not.toContain('very-secret')
  })

  it('fails where no server is', async () => {
    const { code, err } = await home.run(['auth', 'info', '--api-port', '9'])
    expect([code, err]).toEqual([1, expect.stringContaining('http://127.0.0.1:9')])
  })
})
