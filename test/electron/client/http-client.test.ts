import { createPublicKey, createVerify } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createClient } from '../../../electron/client/http-client'
import type { Client } from '../../../electron/client/http-client'
import { AppError } from '../../../shared/errors'
import { playRecorded, playServer } from '../../fixtures/recorded-server'
import type { PlayedServer } from '../../fixtures/recorded-server'
import computeNode from '../../fixtures/recorded/compute-node-api.json'
import describeNode from '../../fixtures/recorded/node-describe.json'
import nodeActions from '../../fixtures/recorded/node-approve-reject-delete.json'
import nodeList from '../../fixtures/recorded/node-list.json'

let server: PlayedServer | undefined
let client: Client | undefined
afterEach(async () => {
  client?.close()
  await server?.stop()
})

async function to(started: Promise<PlayedServer>): Promise<Client> {
  server = await started
  return (client = createClient({ baseUrl: server.url }))
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`not an AppError: ${String(error)}`)
  return error
}

describe('against the answers of a real orchestrator', () => {
  it('reads the list of nodes, and keeps it as it came', async () => {
    const asked = await (await to(playRecorded(nodeList))).ask('listNodes')
    expect(asked.value.Nodes?.map((node) => node.Info.NodeType)).toEqual(['Compute', 'Requester', 'Compute'])
    expect(asked.raw).toEqual(nodeList[0]?.response.body)
    expect(JSON.stringify(asked.raw)).toBe(JSON.stringify(nodeList[0]?.response.body))
  })

  it('sends filters as the real client does', async () => {
    const { call } = await to(playRecorded(nodeList))
    await call('listNodes', { query: { 'filter-approval': 'approved', labels: ['zone=a', 'b'], order_by: '', reverse: 'true', limit: '2' } }).catch(
      () => undefined,
    )
    expect([...(server?.seen[0]?.query ?? [])]).toEqual([
      ['filter-approval', 'approved'],
      ['labels', 'zone=a'],
      ['labels', 'b'],
      ['reverse', 'true'],
      ['limit', '2'],
    ])
  })

  it('gives its errors with code, message and hint', async () => {
    const { call } = await to(playRecorded(describeNode))
    expect(await failureOf(call('getNode', { params: { id: 'nope' } }))).toMatchObject({ code: 'NotFound', message: 'node not found: nope' })
    expect(await failureOf(call('getNode', { params: { id: 'n-' } }))).toMatchObject({
      code: 'MultipleNodesFound',
      hint: 'Use a more specific node ID prefix',
    })
  })

  it('acts on nodes with a body of known length', async () => {
    const { call } = await to(playRecorded(nodeActions))
    const id = 'n-445041d0-d2cd-4632-8dea-bd707f0d95f5'
    expect((await call('updateNode', { params: { id }, body: { Action: 'reject', Message: 'too small', NodeID: id } })).Success).toBe(true)
    const { headers, body } = server?.seen[0] ?? {}
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'content-length': String(body?.length) })
    expect(headers).not.toHaveProperty('transfer-encoding')
    const recorded = nodeActions[2]?.request.body
    expect(recorded).toMatchObject(JSON.parse(body ?? ''))
  })

  it('follows redirects of the same server, and no others', async () => {
    const { call } = await to(
      playServer(({ path }, response) => {
        if (path === '/moved') response.end('{"Status":"OK"}')
        else response.writeHead(301, { Location: path.endsWith('alive') ? '/moved' : 'http://elsewhere.invalid/x' }).end()
      }),
    )
    expect((await call('agentAlive')).Status).toBe('OK')
    expect(await failureOf(call('agentVersion'))).toMatchObject({ code: 'client.unexpected-answer', details: { status: '301' } })
  })

  it('asks a compute node for its list of nodes: not there', async () => {
    const { call } = await to(playRecorded(computeNode))
    expect(await failureOf(call('listNodes'))).toMatchObject({ code: 'NotFound', details: { status: '404' } })
  })
})

describe('signing in', () => {
  const challenge = { NextToken: '', Methods: { clientkey: { type: 'challenge', params: { InputPhrase: Buffer.from('n-1').toString('base64') } } } }
  const json = (status: number, body: unknown) => ({ status, text: JSON.stringify(body) })

  function guarded(methods: unknown): Promise<PlayedServer> {
    return playServer(({ method, path, headers, body }, response) => {
      const answer =
        method === 'GET' && path === '/api/v1/auth'
          ? json(200, methods)
          : path === '/api/v1/auth/clientkey'
            ? json(200, { Authentication: { success: isSigned(body, 'n-1'), token: 'the-token' } })
            : headers.authorization === 'Bearer the-token'
              ? json(200, { NextToken: '', Nodes: [] })
              : json(401, { Status: 401, Message: 'Request Unauthorized', Code: 'Unauthorized' })
      response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.text)
    })
  }

  function isSigned(body: string, phrase: string): boolean {
    const { MethodData } = JSON.parse(body) as { MethodData: string }
    const data = JSON.parse(Buffer.from(MethodData, 'base64').toString()) as { PhraseSignature: string; PublicKey: string }
    const key = createPublicKey({ key: Buffer.from(data.PublicKey, 'base64'), format: 'der', type: 'pkcs1' })
    return createVerify('sha256').update(phrase).verify(key, Buffer.from(data.PhraseSignature, 'base64'))
  }

  it('is done once, only when asked for', async () => {
    const { call } = await to(guarded(challenge))
    await Promise.all([call('listNodes'), call('listNodes')])
    await call('listNodes')
    expect(server?.seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('is not tried where the server wants something else', async () => {
    const { call } = await to(guarded({ NextToken: '', Methods: {} }))
    expect(await failureOf(call('listNodes'))).toMatchObject({ code: 'client.sign-in' })
  })

  it('uses the credential it was given, and tries no other', async () => {
    server = await guarded(challenge)
    client = createClient({ baseUrl: server.url, credential: { scheme: 'Bearer', value: 'wrong' } })
    expect(await failureOf(client.call('listNodes'))).toMatchObject({ code: 'Unauthorized' })
    expect(server.seen).toHaveLength(1)
  })
})

describe('what goes wrong is told with address, cause and next step', () => {
  it('nobody listens', async () => {
    server = await playServer(() => undefined)
    await server.stop()
    client = createClient({ baseUrl: server.url })
    const failure = await failureOf(client.call('agentAlive'))
    expect(failure).toMatchObject({ code: 'client.unreachable' })
    expect(failure.message).toContain(server.url)
    expect(failure.hint).toContain('--api-port')
  })

  it('unknown host', async () => {
    client = createClient({ baseUrl: 'http://no-such-host.invalid:1234' })
    expect(await failureOf(client.call('agentAlive'))).toMatchObject({ code: 'client.unknown-host' })
  })

  it('a NATS port', async () => {
    const nats = createServer((socket) => socket.end('INFO {"server_id":"X"}\r\n'))
    await new Promise<void>((resolve) => nats.listen(0, '127.0.0.1', resolve))
    client = createClient({ baseUrl: `http://127.0.0.1:${(nats.address() as AddressInfo).port}` })
    const failure = await failureOf(client.call('agentAlive'))
    nats.close()
    expect(failure.code).toBe('client.not-http')
    expect(failure.message).toContain('NATS')
  })

  it('HTTPS to a plain port', async () => {
    server = await playServer((_, response) => response.end('x'))
    client = createClient({ baseUrl: server.url.replace('http', 'https') })
    expect(await failureOf(client.call('agentAlive'))).toMatchObject({ code: 'client.tls' })
  })

  it('a request that is too long, whether the server says so or only hangs up', async () => {
    const rude = createServer((socket) => socket.once('data', () => socket.destroy()))
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
    client = createClient({ baseUrl: `http://127.0.0.1:${(rude.address() as AddressInfo).port}` })
    const long = { Job: { Name: 'x'.repeat(12_000_000) } }
    const hungUp = await failureOf(client.call('submitJob', { body: long }))
    expect([hungUp.code, hungUp.hint]).toEqual([
      'client.connection-lost',
      expect.stringMatching(/^The request has 1[23] MB\. A request may have 10 MB/),
    ])
    rude.close()
    client.close()
    const saying = await to(playServer((_, response) => response.writeHead(413).end('{"Status":413,"Message":"Request Entity Too Large"}')))
    expect((await failureOf(saying.call('submitJob', { body: { Job: {} } }))).hint).toMatch(/^A request may have 10 MB/)
  })

  it('no answer in time', async () => {
    server = await playServer(() => undefined)
    client = createClient({ baseUrl: server.url, timeoutMs: 50 })
    expect(await failureOf(client.call('agentAlive'))).toMatchObject({ code: 'client.timeout' })
  })

  it('an answer that never ends', async () => {
    server = await playServer((_, response) => response.writeHead(200).write('{'))
    client = createClient({ baseUrl: server.url, timeoutMs: 50 })
    expect(await failureOf(client.call('agentAlive'))).toMatchObject({ code: 'client.timeout' })
  })

  it('an answer that breaks off', async () => {
    const { call } = await to(playServer((_, response) => response.writeHead(200, { 'Content-Length': '99' }).write('{', () => response.destroy())))
    expect(await failureOf(call('agentAlive'))).toMatchObject({ code: 'client.connection-lost' })
  })

  it.each([
    [200, ''],
    [200, 'not json'],
    [200, '{"other":1}'],
    [204, ''],
    [201, '{"Status":"OK"}'],
    [502, '<html>Bad Gateway</html>'],
    [503, 'Server Timeout!'],
  ])('status %d with %j', async (status, text) => {
    const { call } = await to(playServer((_, response) => response.writeHead(status).end(text)))
    expect((await failureOf(call('agentAlive'))).message).toContain(server?.url)
  })
})
