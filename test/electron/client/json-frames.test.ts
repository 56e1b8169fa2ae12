import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import type { Client } from '../../../electron/client/http-client'
import { createClient } from '../../../electron/client/http-client'
import { playServer } from '../../fixtures/recorded-server'
import type { PlayedServer } from '../../fixtures/recorded-server'

let server: WebSocketServer | undefined
let played: PlayedServer | undefined
let client: Client | undefined
afterEach(async () => {
  client?.close()
  for (const socket of server?.clients ?? []) socket.terminate()
  server?.close()
  await played?.stop()
})

/** A server that does `serve` with every connection. */
async function start(serve: (socket: WebSocket, path: string) => void): Promise<void> {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('connection', (socket, request) => serve(socket, request.url ?? ''))
  await new Promise((resolve) => server?.once('listening', resolve))
  client = createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

async function read(signal?: AbortSignal, onLine?: (line: string) => void): Promise<string[]> {
  const lines: string[] = []
  const input = { params: { id: 'a job' }, query: { follow: 'true' }, ...(signal === undefined ? {} : { signal }) }
  for await (const { value } of (await client?.openFrames('jobLogs', input)) ?? []) {
    lines.push(value.Line)
    onLine?.(value.Line)
  }
  return lines
}

const frame = (Line: string): string => JSON.stringify({ value: { Type: 1, Line } })

describe('a stream of frames', () => {
  it('gives every frame in order, text or binary, then ends with the close', async () => {
    let asked = ''
    await start((socket, path) => {
      asked = path
      socket.send(`${frame('one\n')}\n`)
      socket.send(Buffer.from(frame('two\n')))
      for (let count = 0; count < 2000; count += 1) socket.send(frame(`${count}`))
      socket.close(1000)
    })
    const lines = await read()
    expect(asked).toBe('/api/v1/orchestrator/jobs/a%20job/logs?follow=true')
    expect(lines.slice(0, 3)).toEqual(['one\n', 'two\n', '0'])
    expect([lines.length, lines.at(-1)]).toEqual([2002, '1999'])
  })

  it.each<[string, (socket: WebSocket) => void, RegExp]>([
    ['another close', (socket) => socket.close(1011, 'full'), /broke off before its end: close code 1011, full/],
    ['no close at all', (socket) => socket.terminate(), /broke off before its end/],
    ['what is no JSON', (socket) => socket.send('<html>'), /no JSON: "<html>"/],
    ['what is no frame', (socket) => socket.send('{"value":{"Type":"out","Line":""}}'), /something else than expected \(value\.Type/],
  ])('throws for %s', async (_, serve, says) => {
    await start(serve)
    await expect(read()).rejects.toThrow(says)
  })

  it('ends at once when it is no longer wanted, and the server sees the reader go', async () => {
    const stop = new AbortController()
    let sawGone: () => void = () => undefined
    const gone = new Promise<void>((resolve) => (sawGone = resolve))
    await start((socket) => {
      socket.once('close', sawGone)
      socket.send(frame('first'))
    })
    expect(await read(stop.signal, () => stop.abort())).toEqual(['first'])
    await gone
  })

  it('tells a refusal as the server says it, and a server that is not there', async () => {
    played = await playServer((_, response) =>
      response.writeHead(404, { 'Content-Type': 'application/json' }).end(JSON.stringify({ Message: 'job not found: x', Code: 'NotFound' })),
    )
    client = createClient({ baseUrl: played.url })
    await expect(read()).rejects.toMatchObject({ code: 'NotFound', message: 'job not found: x' })
    await played.stop()
    await expect(read()).rejects.toMatchObject({ code: 'client.unreachable' })
  })
})
