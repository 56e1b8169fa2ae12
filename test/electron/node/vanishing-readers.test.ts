import { existsSync, readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually } from '../../fixtures/eventually'
import { jobsApi, wasmJob } from '../../fixtures/jobs-api'
import { serveNode, settings, whenListed } from '../../fixtures/served-node'
import { builtHome } from '../../fixtures/built-home'

const home = builtHome()

/** A WebSocket as bytes on a socket, so that it can vanish without a word. Resolves when the first frame is there. */
function reader(port: number, path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    )
    let heard = ''
    socket.on('data', (data) => {
      heard += data.toString('latin1')
      if (heard.includes('tick')) resolve(socket)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`closed: ${heard.slice(0, 300)}`)))
  })
}

const READERS = 25
/** Descriptors that come and go by themselves meanwhile: connections of the test's own requests, files that are just written. */
const OTHERS = 5

const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

it.runIf(process.platform === 'linux')(
  'readers of logs who vanish leave neither sockets nor files open, on the orchestrator or on the node',
  async () => {
    const orchestrator = await serveNode(home, [
      '--orchestrator',
      '--name',
      'orch',
      '--data-dir',
      join(home.home, 'orch'),
      ...settings({ 'Orchestrator.Port': '0' }),
    ])
    const folder = join(home.home, 'worker')
    const worker = await serveNode(home, [
      '--compute',
      '--name',
      'worker',
      '--data-dir',
      folder,
      ...settings({ 'Compute.Orchestrators': `127.0.0.1:${orchestrator.natsPort}` }),
    ])
    await whenListed(orchestrator, 'worker')
    const api = jobsApi(orchestrator.apiUrl)
    const id = await api.submit(wasmJob(['ticks', '1000000', '0.02']))
    const [execution] = await eventually('an execution', async () => {
      const found = await api.executions(id)
      return found.length > 0 && found
    })
    await eventually('it writes', () => existsSync(join(folder, 'compute/executions/output', execution!.ID, 'stdout')), 15_000)
    const path = `/api/v1/orchestrator/jobs/${id}/logs?follow=true`
    // One reader comes and goes first: what is opened once and kept is no leak.
    const first = await reader(orchestrator.apiPort, path)
    first.destroy()
    const before = [descriptors(orchestrator.pid), descriptors(worker.pid)]
    const readers = await Promise.all(Array.from({ length: READERS }, () => reader(orchestrator.apiPort, path)))
    expect(descriptors(orchestrator.pid)).toBeGreaterThan(before[0]! + READERS - OTHERS)
    expect(descriptors(worker.pid)).toBeGreaterThan(before[1]! + READERS - OTHERS)
    for (const socket of readers) socket.destroy()
    await eventually('the orchestrator has let go', () => descriptors(orchestrator.pid) <= before[0]! + OTHERS, 5000)
    // The node learns of it by its heartbeat, every ten seconds.
    await eventually('the node has let go', () => descriptors(worker.pid) <= before[1]! + OTHERS, 20_000)
    // Somebody who stays is served as before.
    const staying = await reader(orchestrator.apiPort, path)
    staying.destroy()
  },
  60_000,
)
