import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { TextSocket } from '../../../../electron/http/reply/text-socket'
import { serveApi } from '../../../../electron/http/serve-api'
import type { ApiServer } from '../../../../electron/http/serve-api'
import { eventually } from '../../../fixtures/eventually'
import { everyHandler, log, version } from '../../../fixtures/http/sample-api'

/** What the handler under test does with a reader. */
let onReader: (socket: TextSocket, query: unknown) => Promise<void> = () => Promise.resolve()
let api: ApiServer
const path = '/api/v1/orchestrator/jobs/some-job/logs'

beforeAll(async () => {
  api = await serveApi({
    host: '127.0.0.1',
    port: 0,
    servedBy: 'orchestrator',
    handlers: { ...everyHandler, jobLogs: ({ query }, socket) => onReader(socket, query) },
    version,
    log,
    limits: { commentMs: 150, maxStreamBuffer: 64 * 1024 },
  })
})
afterAll(() => api.close())

function open(query = ''): { readonly socket: WebSocket; readonly texts: string[]; readonly closed: Promise<number> } {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}${query}`)
  const texts: string[] = []
  socket.on('message', (data: Buffer) => texts.push(data.toString()))
  const closed = new Promise<number>((resolve, reject) => socket.once('close', resolve).once('error', reject))
  return { socket, texts, closed }
}

describe('a route over WebSocket', () => {
  it('sends JSON texts that end with a newline, and closes with 1000', async () => {
    onReader = async (socket, query) => {
      await socket.send({ value: { Type: 1, Line: 'hello\n' } })
      await socket.send({ query })
    }
    const { texts, closed } = open('?follow=true')
    expect(await closed).toBe(1000)
    expect(texts[0]).toBe('{"value":{"Type":1,"Line":"hello\\n"}}\n')
    expect(JSON.parse(texts[1] ?? '')).toMatchObject({ query: { follow: true, tail: false } })
  })

  it('asked without an upgrade is 400, and a query that cannot be read is 400 before the upgrade', async () => {
    const plain = await fetch(`${api.url}${path}`)
    expect(plain.status).toBe(400)
    expect(await plain.json()).toMatchObject({ Code: 'BadRequest' })
    await expect(open('?follow=perhaps').closed).rejects.toThrow('400')
  })

  it('pages of other sites do not get in', async () => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}`, { origin: 'http://evil.example' })
    await expect(new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))).rejects.toThrow('403')
  })

  it('another route is answered in HTTP although it was asked to upgrade', async () => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/agent/alive`)
    await expect(new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))).rejects.toThrow('200')
  })

  it('waits for a reader who is behind, and notices one who is gone', async () => {
    let sent = 0
    const ended = new Promise<void>((resolve) => {
      onReader = async (socket) => {
        while (await socket.send({ text: 'x'.repeat(16 * 1024) })) sent += 1
        resolve()
      }
    })
    const { socket } = open()
    await eventually('frames come', () => Promise.resolve(sent > 5))
    socket.pause()
    let before = -1
    await eventually('the sender waits', () => {
      const still = sent === before
      before = sent
      return Promise.resolve(still)
    })
    socket.terminate()
    await ended
  })

  it('a reader who answers no ping is dead', async () => {
    const ended = new Promise<void>((resolve) => {
      onReader = (socket) =>
        new Promise((done) =>
          socket.signal.addEventListener('abort', () => {
            resolve()
            done()
          }),
        )
    })
    const { hostname, port } = new URL(api.url)
    const silent = connect(Number(port), hostname)
    silent.write(
      `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    )
    await ended
    silent.destroy()
  })
})
