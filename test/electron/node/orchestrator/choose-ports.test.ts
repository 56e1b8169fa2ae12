import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { choosePort, type PortRequest, portRequests } from '../../../../electron/node/orchestrator/choose-ports'
import { defaultConfig } from '../../../../shared/config/schema'

let server: Server | undefined
afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))))

async function taken(): Promise<number> {
  server = createServer()
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
const request = (port: number, asked: boolean): PortRequest => ({ key: 'Orchestrator.Port', what: 'NATS', host: '127.0.0.1', port, asked })

describe('the port to listen on', () => {
  it('is the asked one, or an error with its owner and a free one', async () => {
    const port = await taken()
    await expect(choosePort(request(port, true))).rejects.toMatchObject({
      code: 'port.taken',
      message: expect.stringContaining(`(pid ${process.pid})`) as string,
      details: { key: 'Orchestrator.Port', free: expect.stringMatching(/^\d+$/) as string },
    })
  })

  it('moves on from a default one that is taken, with a notice', async () => {
    const port = await taken()
    const chosen = await choosePort(request(port, false))
    expect(chosen.port).toBeGreaterThan(port)
    expect(chosen.notice).toContain(`Port ${port} is taken by`)
    expect(chosen.notice).toContain(`NATS listens on ${chosen.port}.`)
  })

  it('is any free one for 0, and the next after one that was lost in a race', async () => {
    const any = await choosePort(request(0, false))
    expect(any.port).toBeGreaterThan(0)
    expect(any.notice).toBeUndefined()
    expect((await choosePort(request(20_000, false), 20_000)).port).toBeGreaterThan(20_000)
  })

  it('of WebSockets is only wanted where it is enabled, on the host of the other listener', () => {
    const { Orchestrator } = defaultConfig
    expect(portRequests(Orchestrator, () => false)).toEqual({
      nats: { key: 'Orchestrator.Port', what: 'NATS', host: '127.0.0.1', port: 4222, asked: false },
    })
    expect(
      portRequests({ ...Orchestrator, WebSocket: { ...Orchestrator.WebSocket, Enabled: true } }, (key) => key === 'Orchestrator.WebSocket.Port')
        .websocket,
    ).toEqual({
      key: 'Orchestrator.WebSocket.Port',
      what: 'NATS over WebSocket',
      host: '127.0.0.1',
      port: 4280,
      asked: true,
    })
  })
})
