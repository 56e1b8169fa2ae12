import { createConnection } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JsonText } from '../../../electron/http/reply/json-text'
import { serveApi } from '../../../electron/http/serve-api'
import type { ApiServer } from '../../../electron/http/serve-api'
import { essence, loadExchanges, replay, send } from '../../fixtures/http/exchanges'
import { entries, everyHandler, handlers, log, raw, seen, version } from '../../fixtures/http/sample-api'

let api: ApiServer
beforeAll(async () => {
  api = await serveApi({ host: 'loopback', port: 0, servedBy: 'orchestrator', handlers: everyHandler, version, log, limits: { handlerMs: 300 } })
})
afterAll(() => api.close())

const get = (path: string, headers: Record<string, string> = {}) => send(new URL(path, api.url), 'GET', headers)

describe('what real nodes answer', () => {
  const served = new Set(['/api/v1/agent/alive', '/api/v1/agent/version', '/api/v1/agent/node', '/api/v1/auth', '/', '/version', '/livez'])
  const foreign = (path: string) => /\/orchestrator\/jobs|\/agent\/debug|\/agent\/config|\/auth\/clientkey/.test(path)

  it.each(['legacy-paths', 'version-negotiation', 'compute-node-api', 'agent-alive', 'agent-version'])('%s: the same answers', async (name) => {
    const compute = await serveApi({ host: '127.0.0.1', port: 0, servedBy: 'every-node', handlers, version, log })
    try {
      for (const exchange of loadExchanges(name).filter(({ request }) => !foreign(request.path))) {
        const reply = await replay(compute.url, exchange)
        expect({ step: exchange.step, status: reply.status, body: essence(reply.body) }).toEqual({
          step: exchange.step,
          status: exchange.response.status,
          body: essence(exchange.response.body),
        })
        if (exchange.response.status === 301) expect(reply.headers.get('location')).toBe(exchange.response.headers['Location'])
        if (reply.text !== '') expect(reply.text.endsWith('\n')).toBe(true)
      }
    } finally {
      await compute.close()
    }
  })

  it('errors: unknown paths, wrong methods, and the sizes and kinds of bodies', async () => {
    const asked = loadExchanges('errors').filter(({ request, response }) => served.has(request.path) || /^(404|405)$/.test(String(response.status)))
    const ours = asked.filter(
      ({ request }) =>
        !/^\/api\/v1\/orchestrator\/jobs\/[^/]+(\/(history|executions|versions|results))?$/.test(request.path) || request.path.endsWith('/'),
    )
    expect(ours.length).toBeGreaterThan(15)
    for (const exchange of ours.filter(({ request }) => request.path !== '/api/v1/auth/nope')) {
      const reply = await replay(api.url, exchange)
      expect({ step: exchange.step, status: reply.status, body: essence(reply.body) }).toEqual({
        step: exchange.step,
        status: exchange.response.status,
        body: exchange.request.method === 'HEAD' ? null : essence(exchange.response.body),
      })
    }
  })

  it('agent-raw: pretty, authconfig, HEAD, the request id', async () => {
    for (const exchange of loadExchanges('agent-raw').filter(
      ({ request }) => request.path !== '/api/v1/agent/debug' && request.headers['Origin'] === undefined,
    )) {
      const reply = await replay(api.url, exchange)
      expect([exchange.step, reply.status, reply.body]).toEqual([exchange.step, exchange.response.status, exchange.response.body])
      for (const name of Object.keys(exchange.response.headers)) expect(reply.headers.has(name), `${exchange.step}: ${name}`).toBe(true)
    }
    expect((await get('/api/v1/agent/alive?pretty')).text).toBe('{\n  "Status": "OK"\n}\n')
    expect((await get('/api/v1/agent/alive', { 'X-Request-Id': 'my-request-1' })).headers.get('x-request-id')).toBe('my-request-1')
    expect((await get('/api/v1/agent/alive')).headers.get('x-request-id')).toMatch(/^[A-Za-z]{32}$/)
    expect((await get('/api/v1/agent/alive')).headers.get('x-bacalhau-build-date')).toBe('2026-01-02 03:04:05 +0000 UTC')
  })
})

describe('bodies', () => {
  const post = (body: string, headers: Record<string, string> = { 'Content-Type': 'application/json' }) =>
    send(new URL('/api/v1/orchestrator/nodes/n-1', api.url), 'PUT', headers, body)

  it('take keys in any case, a charset, an empty body, a form', async () => {
    expect((await post('{"action":"approve"}')).body).toEqual({ Success: true, Error: 'n-1 approve' })
    expect((await post('{"Action":"x"}', { 'Content-Type': 'application/json; charset=utf-8' })).body).toEqual({ Success: true, Error: 'n-1 x' })
    expect((await post('')).body).toEqual({ Success: true, Error: 'n-1 ' })
    expect((await post('null')).body).toEqual({ Success: true, Error: 'n-1 ' })
    expect((await post('Action=x', { 'Content-Type': 'application/x-www-form-urlencoded' })).body).toEqual({ Success: true, Error: 'n-1 ' })
  })

  it.each([
    ['{"Action":', 'code=400, message=unexpected EOF, internal=unexpected EOF'],
    [
      'not json',
      "code=400, message=Syntax error: offset=2, error=invalid character 'o', internal=Syntax error: offset=2, error=invalid character 'o'",
    ],
    [
      '[]',
      'code=400, message=Unmarshal type error: expected=object, got=array, field=, offset=1, internal=Unmarshal type error: expected=object, got=array, field=, offset=1',
    ],
  ])('%s is refused', async (body, message) => {
    const reply = await post(body)
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual({ Status: 400, Message: message, RequestID: '', Code: 'InternalError', Component: 'APIServer' })
  })

  it('of another content type are refused', async () => {
    const reply = await post('Action: x', { 'Content-Type': 'text/yaml' })
    expect([reply.status, reply.body]).toMatchObject([400, { Message: 'code=415, message=Unsupported Media Type', Code: 'InternalError' }])
  })

  it('of 11 MB are refused with an answer that the client gets to see', async () => {
    const recorded = loadExchanges('errors').find(({ response }) => response.status === 413)
    for (const length of [11_000_000, 40_000_000]) {
      const reply = await post(`{"Action":"${'x'.repeat(length)}"}`)
      expect([reply.status, reply.body]).toEqual([413, recorded?.response.body])
      expect(reply.headers.get('connection')).toBe('close')
    }
  })

  it('are never logged', async () => {
    await post('{"Credential":{"Scheme":"Bearer","Value":"top-secret"},"Action":"x"}')
    await post('{"Credential":{"Scheme":"Bearer","Value":"top-secret"')
    await send(
      new URL('/api/v1/auth/clientkey', api.url),
      'POST',
      { 'Content-Type': 'application/json', Authorization: 'Bearer top-secret' },
      '{"a":"top-secret"}',
    )
    expect(JSON.stringify(entries)).not.toContain('top-secret')
    expect(entries.some(({ message }) => message === 'HTTP request')).toBe(true)
  })
})

describe('queries', () => {
  it('are checked as Go checks them', async () => {
    const query = async (text: string) =>
      JSON.parse(((await get(`/api/v1/orchestrator/nodes?${text}`)).body as { NextToken: string }).NextToken) as unknown
    expect(await query('')).toEqual({ reverse: false, limit: 0 })
    expect(await query('limit=&reverse=&order_by=')).toMatchObject({ limit: 0, reverse: false, order_by: '' })
    expect(await query('limit=7&limit=9&labels=a&labels=b&unknown=1&reverse=T')).toEqual({ limit: 7, labels: ['a', 'b'], reverse: true })
    expect(await query('LIMIT=7&Labels=a&REVERSE=T&reverse=F')).toEqual({ limit: 7, labels: 'a', reverse: false })
    expect(await query('labels=zone%20in%20(a,b)&order_by=id&order_by=type')).toMatchObject({ labels: 'zone in (a,b)', order_by: 'id' })
    for (const bad of ['limit=-1', 'limit=abc', 'limit=4294967296', 'reverse=maybe']) {
      const reply = await get(`/api/v1/orchestrator/nodes?${bad}`)
      expect([bad, reply.status, (reply.body as { Code: string }).Code]).toEqual([bad, 400, 'InternalError'])
    }
  })
})

describe('errors', () => {
  it('of ours keep code, hint and component; faults show nothing of themselves', async () => {
    expect((await get('/api/v1/orchestrator/nodes/nope', { 'X-Request-Id': 'r-1' })).body).toEqual({
      Status: 404,
      Message: 'node not found: nope',
      RequestID: 'r-1',
      Code: 'NotFound',
      Component: 'NodesManager',
    })
    expect((await get('/api/v1/shoal/nodes')).body).toMatchObject({ Status: 500, Code: 'ledger.gone', Hint: 'Start it.' })
    const fault = await get('/api/v1/auth')
    expect([fault.status, fault.body]).toEqual([
      500,
      { Status: 500, Message: 'Internal server error', RequestID: '', Code: 'InternalError', Component: 'Unknown' },
    ])
    expect(entries.some(({ level, fields }) => level === 'error' && JSON.stringify(fields).includes('the secret of a fault'))).toBe(true)
  })

  it('an escaped slash stays in the id, other escapes are decoded', async () => {
    expect((await get('/api/v1/orchestrator/nodes/a%2Fb')).body).toMatchObject({ Message: 'node not found: a%2Fb' })
    expect((await get('/api/v1/orchestrator/nodes/a%20b')).body).toMatchObject({ Message: 'node not found: a b' })
    expect((await get('/api/v1/orchestrator/nodes/%zz')).status).toBe(404)
  })

  it('a handler that takes too long: 503', async () => {
    const reply = await get('/api/v1/auth/slow')
    expect([reply.status, reply.text]).toEqual([503, 'Server Timeout!'])
    seen.release?.()
  })
})

describe('the listener', () => {
  it('says which address is taken', async () => {
    await expect(serveApi({ host: '127.0.0.1', port: api.port, servedBy: 'every-node', handlers, version, log })).rejects.toMatchObject({
      code: 'api.port-taken',
      details: { host: '127.0.0.1', port: String(api.port) },
    })
    await expect(serveApi({ host: '203.0.113.9', port: 0, servedBy: 'every-node', handlers, version, log })).rejects.toMatchObject({
      code: 'api.address-not-here',
    })
    await expect(serveApi({ host: 'no-such-host.invalid', port: 0, servedBy: 'every-node', handlers, version, log })).rejects.toMatchObject({
      code: 'api.address-not-here',
    })
    await expect(serveApi({ host: 'multicast', port: 0, servedBy: 'every-node', handlers, version, log })).rejects.toMatchObject({
      code: 'api.no-such-address',
    })
  })

  it('stops with event streams open and a request under way', async () => {
    const server = await serveApi({
      host: '127.0.0.1',
      port: 0,
      servedBy: 'orchestrator',
      handlers: { ...everyHandler, shoalEvents: (_, stream) => void stream.send({ id: '1', event: 'snapshot', data: '{}' }) },
      version,
      log,
    })
    const stream = await fetch(`${server.url}/api/v1/shoal/events`)
    const pending = fetch(`${server.url}/api/v1/auth/slow`).catch(() => 'cut off')
    await server.close(50)
    expect(await stream.text()).toBe('id: 1\nevent: snapshot\ndata: {}\n\n')
    expect(await pending).toBe('cut off')
    await expect(fetch(server.url)).rejects.toThrow()
    seen.release?.()
  })
})

describe('event streams', () => {
  it('carry id, kind and data, and tell the handler where the reader left off', async () => {
    const response = await fetch(`${api.url}/api/v1/shoal/events`, { headers: { 'Last-Event-ID': 'a:0', 'X-Stop': '1' } })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const text = await response.text()
    expect(text.startsWith('id: a:1\nevent: snapshot\ndata: {"last":"a:0"}\n\n')).toBe(true)
    expect(text.match(/^id: /gm)).toHaveLength(200)
  })

  it('end a reader that does not keep up', async () => {
    const socket = createConnection({ port: api.port, host: '127.0.0.1' })
    socket.write(`GET /api/v1/shoal/events HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    socket.pause()
    const ended = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => undefined)
    await expect.poll(() => seen.cutOff, { timeout: 4000 }).toBe(1)
    socket.resume()
    await ended
  })

  it('hold a comment now and then', async () => {
    const server = await serveApi({
      host: '127.0.0.1',
      port: 0,
      servedBy: 'orchestrator',
      handlers: { ...everyHandler, shoalEvents: () => undefined },
      version,
      log,
      limits: { commentMs: 20 },
    })
    const response = await fetch(`${server.url}/api/v1/shoal/events`)
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(Buffer.from(first?.value ?? new Uint8Array()).toString()).toMatch(/^: /)
    await server.close()
  })
})

describe('garbage', () => {
  it('in path, query, headers and body is answered, never fatal', async () => {
    const path = fc.oneof(
      fc.string().map((text) => `/${encodeURI(text.replace(/[\ud800-\udfff]/g, ''))}`),
      fc.constantFrom(
        '/api/v1/orchestrator/nodes',
        '/api/v1/orchestrator/nodes/x',
        '/api/v1/auth/x',
        '/api/v1/agent/alive',
        '/api/v1/agent//',
        '/%',
        '/%00',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.string({ maxLength: 40 }),
        fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'BREW'),
        fc.oneof(fc.json(), fc.string(), fc.constant('{"__proto__":{"Action":"x"},"constructor":1}')),
        async (target, query, method, body) => {
          const text = await raw(
            api.port,
            `${method} ${target.replace(/\s/g, '%20')}?${encodeURI(query.replace(/[\ud800-\udfff]/g, ''))} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n${body}`,
          )
          expect(text).toMatch(/^HTTP\/1.1 (200|301|400|404|405|500|503) /)
        },
      ),
      { numRuns: 300 },
    )
    expect((await get('/api/v1/agent/alive')).status).toBe(200)
  }, 20_000)

  it('instead of HTTP is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const text = await raw(api.port, `${Buffer.from(bytes).toString('latin1')}\r\n\r\n`)
        expect(text === '' || text.startsWith('HTTP/1.1 4')).toBe(true)
      }),
      { numRuns: 50 },
    )
    expect((await get('/api/v1/agent/alive')).status).toBe(200)
  })
})

describe('an answer that is JSON already', () => {
  it('goes out as it is, and indented where asked for', async () => {
    const prepared = { ...everyHandler, listNodes: () => new JsonText<{ NextToken: string }>('{"NextToken":"","Nodes":[]}') }
    const server = await serveApi({ host: '127.0.0.1', port: 0, servedBy: 'orchestrator', handlers: prepared, version, log })
    const text = async (query: string) => (await send(new URL(`/api/v1/orchestrator/nodes${query}`, server.url), 'GET')).text
    expect(await text('')).toBe('{"NextToken":"","Nodes":[]}\n')
    expect(await text('?pretty')).toBe('{\n  "NextToken": "",\n  "Nodes": []\n}\n')
    await server.close()
  })
})
