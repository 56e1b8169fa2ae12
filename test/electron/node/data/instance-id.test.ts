import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { askInstanceId } from '../../../../electron/node/data/instance-id'

let server: Server | undefined
afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))))

async function serve(answer: (method: string, path: string, header: (name: string) => unknown) => [number, string]): Promise<string> {
  server = createServer((request, response) => {
    const [status, text] = answer(request.method ?? '', request.url ?? '', (name) => request.headers[name])
    response.writeHead(status).end(text)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the instance id of a cloud', () => {
  it('is asked of AWS with a session token', async () => {
    const aws = await serve((method, path, header) => {
      if (method === 'PUT' && path === '/latest/api/token') return [200, 'session-1']
      return path === '/latest/meta-data/instance-id' && header('x-aws-ec2-metadata-token') === 'session-1' ? [200, 'i-0abc'] : [401, '']
    })
    expect(await askInstanceId('aws', { aws, gcp: '' })).toBe('i-0abc')
  })

  it('is asked of an older AWS service without one', async () => {
    const aws = await serve((method) => (method === 'PUT' ? [405, ''] : [200, 'i-0old']))
    expect(await askInstanceId('aws', { aws, gcp: '' })).toBe('i-0old')
  })

  it('is asked of Google Cloud with the header it wants', async () => {
    const gcp = await serve((_method, path, header) =>
      path === '/computeMetadata/v1/instance/id' && header('metadata-flavor') === 'Google' ? [200, '123456'] : [403, ''],
    )
    expect(await askInstanceId('gcp', { aws: '', gcp })).toBe('123456')
  })

  it('that nobody answers for is a clear error', async () => {
    const aws = await serve(() => [500, 'no'])
    await expect(askInstanceId('aws', { aws, gcp: '' })).rejects.toMatchObject({ code: 'node-id.unavailable' })
    await expect(askInstanceId('gcp', { aws: '', gcp: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'node-id.unavailable' })
  })
})
