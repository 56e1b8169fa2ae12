import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FeedEvent, OrchestratorFacts } from '../../shared/http/feed'
import type { NodeRow, NodeWork } from '../../shared/models/node-row'
import { manyNodes, nodeRow } from '../renderer/fixtures/node-rows'

export interface ManyNodesServer {
  readonly url: string
  /** Has so many nodes heartbeat each second, until it is told otherwise. */
  setHeartbeatsPerSecond(rate: number): void
  /** From now on each heartbeat finds the node with other work than before. */
  giveWork(): void
  close(): Promise<void>
}

const TICK_MS = 50
const START = 'start-1'

/** An orchestrator's HTTP API with far more nodes than a test machine could run; only what a reader of the feed asks for. */
export async function serveManyNodes(count: number): Promise<ManyNodesServer> {
  const rows = manyNodes(count).map((sketch) => nodeRow(sketch, Date.now()))
  const streams = new Set<ServerResponse>()
  let counter = 1
  let rate = 0
  let next = 0
  let working = false
  const snapshot = (): FeedEvent => ({ kind: 'snapshot', revision: { start: START, counter }, orchestrator: facts(), nodes: rows })
  const send = (to: Iterable<ServerResponse>, event: FeedEvent): void => {
    const text = `id: ${START}:${event.revision.counter}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`
    for (const stream of to) stream.write(text)
  }
  const timer = setInterval(() => {
    const changed: NodeRow[] = []
    for (let beat = 0; beat < (rate * TICK_MS) / 1000; beat += 1) {
      next = (next + 37) % rows.length
      const row = rows[next]
      if (row === undefined) continue
      const fresh = { ...withHeartbeat(row, new Date().toISOString()), ...(working ? { work: otherWork(row) } : {}) }
      rows[next] = fresh
      changed.push(fresh)
    }
    if (changed.length === 0) return
    counter += 1
    send(streams, { kind: 'nodes', revision: { start: START, counter }, changed, removed: [] })
  }, TICK_MS)
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://orchestrator').pathname
    if (path === '/api/v1/shoal/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      streams.add(response)
      response.once('close', () => streams.delete(response))
      send([response], snapshot())
      return
    }
    const answer = answers(snapshot)[path]
    if (answer === undefined) response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}')
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setHeartbeatsPerSecond: (wanted) => {
      rate = wanted
    },
    giveWork: () => {
      working = true
    },
    close: () => {
      clearInterval(timer)
      return end(server)
    },
  }
}

function withHeartbeat(row: NodeRow, at: string): NodeRow {
  return { ...row, state: { ...row.state, ConnectionState: { ...row.state.ConnectionState, LastHeartbeat: at } } }
}

/** One execution less than before, from three on; after none three again. */
function otherWork({ state, work }: NodeRow): NodeWork {
  const running = ((work?.running ?? 0) + 3) % 4
  const CPU = (state.Info.ComputeNodeInfo.MaxCapacity?.CPU ?? 0) / 4
  return {
    running,
    queued: running === 3 ? 1 : 0,
    asked: 0,
    inUse: { CPU: running * CPU, Memory: running * 1e9 },
    waiting: running === 3 ? { CPU } : {},
  }
}

function answers(snapshot: () => FeedEvent): Readonly<Record<string, () => unknown>> {
  return {
    '/api/v1/agent/alive': () => ({ Status: 'OK' }),
    '/api/v1/agent/version': () => ({ Major: '1', Minor: '8', GitVersion: 'v1.8.0' }),
    '/api/v1/agent/node': () => nodeRow({ id: 'far-away', role: 'Requester' }, Date.now()).state.Info,
    '/api/v1/shoal/nodes': () => snapshot(),
  }
}

function facts(): OrchestratorFacts {
  return {
    nodeId: 'far-away',
    version: '0.1.0',
    startedAt: Date.now() - 60_000,
    nats: {
      serverId: 'N',
      version: '2.15.1',
      address: '127.0.0.1:4222',
      tls: false,
      tokenRequired: true,
      messagesPerSecond: 1300,
      rttMs: 0.4,
      connections: 10_000,
    },
    refusals: [],
  }
}

function end(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
