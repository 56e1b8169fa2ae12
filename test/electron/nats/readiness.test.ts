import { describe, expect, it } from 'vitest'
import { dialableHost, proveReady } from '../../../electron/nats/readiness'
import { findFreePort } from '../../../electron/process/ports'
import { startNatsServer } from '../../fixtures/nats-server'

const login = { user: 'u', password: 'p' }

describe('proveReady', () => {
  it('waits until the server is there', async () => {
    const port = (await findFreePort('127.0.0.1', 0, 1)) ?? 0
    const proving = proveReady({ host: '127.0.0.1', port, login, isOurs: () => true }, new AbortController().signal)
    const server = await startNatsServer({ port, config: 'authorization { user: u, password: p }' })
    expect((await proving).serverId).toMatch(/^N/)
    await server.stop()
  })

  it('does not take a stranger for ours, and tells of one that refuses', async () => {
    const [open, closed] = await Promise.all([startNatsServer(), startNatsServer({ config: 'authorization { token: other }' })])
    const asked: string[] = []
    const over = new AbortController()
    const isOurs = (serverId: string): boolean => {
      asked.push(serverId)
      if (asked.length === 3) over.abort()
      return false
    }
    let ready = false
    void proveReady({ host: '127.0.0.1', port: open.port, login, isOurs }, over.signal).then(() => (ready = true))
    await expect(proveReady({ host: '127.0.0.1', port: closed.port, login, isOurs: () => true }, over.signal)).rejects.toMatchObject({
      code: 'nats.refused',
    })
    await new Promise((resolve) => {
      over.signal.addEventListener('abort', resolve)
      if (over.signal.aborted) resolve(undefined)
    })
    expect(ready).toBe(false)
    await open.stop()
    await closed.stop()
  })
})

describe('dialableHost', () => {
  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['', '127.0.0.1'],
    ['::', '::1'],
    ['[::1]', '::1'],
    ['10.0.0.7', '10.0.0.7'],
    ['orch.example.org', 'orch.example.org'],
  ])('%j is reached at %j', (host, expected) => expect(dialableHost(host)).toBe(expected))
})
