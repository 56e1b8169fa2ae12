import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { findFreePort, isPortFree, portTaken } from '../../../electron/process/ports'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

async function listen(host: string, port = 0): Promise<number> {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ host, port }, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

describe('isPortFree', () => {
  it('sees what listens on the same address, on a wider one, and on a narrower one', async () => {
    expect(await isPortFree('127.0.0.1', await listen('127.0.0.1'))).toBe(false)
    expect(await isPortFree('127.0.0.1', await listen('0.0.0.0'))).toBe(false)
    expect(await isPortFree('0.0.0.0', await listen('127.0.0.1'))).toBe(false)
  })

  it('leaves the port free', async () => {
    const port = await findFreePort('127.0.0.1', 0, 1)
    expect(await isPortFree('127.0.0.1', port ?? 0)).toBe(true)
    expect(await listen('127.0.0.1', port)).toBe(port)
  })

  it('says that the machine does not have the address', async () => {
    await expect(isPortFree('192.0.2.1', 4222)).rejects.toMatchObject({ code: 'address.not-here' })
  })
})

describe('findFreePort', () => {
  it('takes the next one when the wanted one is taken', async () => {
    const taken = await listen('127.0.0.1')
    const free = await findFreePort('127.0.0.1', taken, 50)
    expect(free).toBeGreaterThan(taken)
  })

  it('says that there is none among those it may try', async () => {
    expect(await findFreePort('127.0.0.1', await listen('127.0.0.1'), 1)).toBeUndefined()
    expect(await findFreePort('127.0.0.1', 65_536, 10)).toBeUndefined()
  })
})

describe('portTaken', () => {
  it('names the key, the owner and a free port', () => {
    expect(portTaken('Orchestrator.Port', 4222, { pid: 71, name: 'nginx' }, 4223)).toMatchObject({
      code: 'port.taken',
      message: 'Port 4222 (Orchestrator.Port) is taken by nginx (pid 71).',
      hint: 'Stop that program, or set Orchestrator.Port to a free port, such as 4223.',
      details: { key: 'Orchestrator.Port', port: '4222', owner: 'nginx', ownerPid: '71', free: '4223' },
    })
  })

  it('does without what is not known', () => {
    const error = portTaken('API.Port', 1234, undefined, undefined)
    expect(error.message).toContain('may not see')
    expect(error.details).toEqual({ key: 'API.Port', port: '1234' })
  })
})
