import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FeedUpdate } from '../../../electron/client/feed'
import { createClient } from '../../../electron/client/http-client'
import type { Client } from '../../../electron/client/http-client'
import { openFeed } from '../../../electron/client/open-feed'
import type { Feed } from '../../../electron/client/open-feed'
import type { Failure } from '../../../shared/errors'
import type { FeedEvent, OrchestratorFacts } from '../../../shared/http/feed'
import type { NodeRow } from '../../../shared/models/node-row'
import { playServer } from '../../fixtures/recorded-server'
import type { PlayedServer } from '../../fixtures/recorded-server'
import nodeList from '../../fixtures/recorded/node-list.json'

const facts: OrchestratorFacts = {
  nodeId: 'n-orchestrator',
  version: '0.1.0',
  startedAt: 1,
  nats: { serverId: 'S', version: '2', address: '127.0.0.1:4222', tls: false, tokenRequired: true, messagesPerSecond: 0, connections: 1 },
  refusals: [],
}

function row(id: string, status = 'CONNECTED'): NodeRow {
  return {
    state: {
      Info: { NodeID: id, NodeType: 'Compute', ComputeNodeInfo: { RunningExecutions: 0, EnqueuedExecutions: 0, address: '' } },
      Membership: 'APPROVED',
      Connection: status,
      ConnectionState: {
        Status: status,
        LastHeartbeat: '2026-11-24T06:00:00Z',
        ConnectedSince: '2026-11-24T06:00:00Z',
        DisconnectedSince: '0001-01-01T00:00:00Z',
      },
    },
    socket: { kind: 'none' },
  }
}

const snapshot = (start: string, counter: number, ...nodes: NodeRow[]): FeedEvent => ({
  kind: 'snapshot',
  revision: { start, counter },
  orchestrator: facts,
  nodes,
})
const change = (start: string, counter: number, ...changed: NodeRow[]): FeedEvent => ({
  kind: 'nodes',
  revision: { start, counter },
  changed,
  removed: [],
})

interface Followed {
  readonly updates: FeedUpdate[]
  readonly failures: { readonly failure: Failure; readonly nextTryAt: number }[]
  readonly feed: Feed
}

let server: PlayedServer | undefined
let client: Client | undefined
let followed: Followed | undefined
afterEach(async () => {
  followed?.feed.close()
  client?.close()
  await server?.stop()
})

function follow(url: string, askWhenSilentMs = 1000): Followed {
  client = createClient({ baseUrl: url, timeoutMs: 2000 })
  const updates: FeedUpdate[] = []
  const failures: { failure: Failure; nextTryAt: number }[] = []
  const feed = openFeed(
    client,
    { onEvent: (update) => updates.push(update), onStale: (failure, nextTryAt) => failures.push({ failure, nextTryAt }) },
    { pollEveryMs: 20, askWhenSilentMs, random: () => 0 },
  )
  return (followed = { updates, failures, feed })
}

const untilTrue = (condition: () => boolean): Promise<unknown> => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 15_000, interval: 5 })

/** A server of event streams; each new reader is handed to the script. */
async function streams(script: (send: (event: FeedEvent) => void, response: ServerResponse, reader: number) => void): Promise<string> {
  let readers = 0
  server = await playServer(({ path }, response) => {
    if (path === '/api/v1/shoal/nodes')
      response.end(JSON.stringify({ revision: { start: 'a', counter: 5 }, orchestrator: facts, nodes: [row('listed')] }))
    else if (path === '/api/v1/shoal/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      readers += 1
      script(
        (event) => response.write(`id: ${event.revision.start}:${event.revision.counter}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`),
        response,
        readers,
      )
    } else if (path === '/api/v1/agent/alive') response.end('{"Status":"OK"}')
    else response.writeHead(404).end('{"Status":404,"Message":"no"}')
  })
  return server.url
}

describe('the feed of a Shoal orchestrator', () => {
  it('tells the snapshot, then changes, then that nothing changed', async () => {
    const { updates } = follow(
      await streams((send, response) => {
        send(snapshot('a', 1, row('n-1')))
        send(change('a', 2, row('n-1', 'DISCONNECTED')))
        send({ kind: 'orchestrator', revision: { start: 'a', counter: 3 }, orchestrator: { ...facts, version: '9' } })
        setTimeout(() => response.write(': still here\n\n'), 20)
      }),
    )
    await untilTrue(() => updates.some((update) => update.kind === 'alive'))
    expect(updates.map((update) => update.kind)).toEqual(['snapshot', 'changes', 'changes', 'alive'])
    expect(updates[0]).toMatchObject({ feed: 'events', nodes: [{ state: { Info: { NodeID: 'n-1' } } }], orchestrator: { nodeId: 'n-orchestrator' } })
    expect(updates[1]).toMatchObject({ changed: [{ state: { Connection: 'DISCONNECTED' } }], revision: { start: 'a', counter: 2 } })
    expect(updates[2]).toMatchObject({ orchestrator: { version: '9' }, changed: [] })
    expect(updates.every((update, index) => update.asOf >= (updates[index - 1]?.asOf ?? 0))).toBe(true)
  })

  it.each<[string, (send: (event: FeedEvent) => void, response: ServerResponse) => void, string]>([
    ['a gap', (send) => send(change('a', 4, row('n-1'))), 'feed.gap'],
    ['another start of the orchestrator', (send) => send(change('b', 3, row('n-1'))), 'feed.gap'],
    ['the end of the stream', (_, response) => response.end(), 'feed.ended'],
    ['a broken connection', (_, response) => setTimeout(() => response.destroy(), 10), 'client.connection-lost'],
    ['what is no event', (_, response) => response.write('data: {"kind":"magic"}\n\n'), 'client.unexpected-answer'],
  ])('asks again after %s', async (_, spoil, code) => {
    const { updates, failures } = follow(
      await streams((send, response, reader) => {
        send(snapshot('a', 2, row('n-1')))
        if (reader === 1) spoil(send, response)
        else send(change('a', 3, row('n-2')))
      }),
    )
    await untilTrue(() => updates.length >= 3)
    expect(updates.map((update) => update.kind)).toEqual(['snapshot', 'snapshot', 'changes'])
    expect(failures.map(({ failure }) => failure.code)).toEqual([code])
  })

  it('asks for the list when a stream begins with a change', async () => {
    const { updates, failures } = follow(
      await streams((send) => {
        send(change('a', 4, row('old')))
        send(change('a', 5, row('old')))
        send(change('a', 6, row('new')))
      }),
    )
    await untilTrue(() => updates.length >= 2)
    expect(updates[0]).toMatchObject({ kind: 'snapshot', nodes: [{ state: { Info: { NodeID: 'listed' } } }] })
    expect(updates[1]).toMatchObject({ kind: 'changes', changed: [{ state: { Info: { NodeID: 'new' } } }] })
    expect(failures).toEqual([])
  })

  it('asks a silent server whether it lives, and says so', async () => {
    const { updates, failures } = follow(await streams((send) => send(snapshot('a', 1))), 20)
    await untilTrue(() => updates.filter((update) => update.kind === 'alive').length >= 2)
    expect(server?.seen.filter(({ path }) => path === '/api/v1/agent/alive').length).toBeGreaterThanOrEqual(2)
    expect(failures).toEqual([])
  })

  it('takes a silent server that does not answer for gone', async () => {
    let hung = false
    server = await playServer(({ path }, response) => {
      if (path === '/api/v1/shoal/events') {
        if (!hung) response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(`data: ${JSON.stringify(snapshot('a', 1))}\n\n`)
      } else if (hung) response.destroy()
      else response.end('{"Status":"OK"}')
    })
    const { updates, failures } = follow(server.url, 20)
    await untilTrue(() => updates.some((update) => update.kind === 'alive'))
    hung = true
    await untilTrue(() => failures.length > 0)
    expect(failures[0]?.failure.code).toBe('client.connection-lost')
  })

  it('waits for a server that is not there, longer each time, and tries at once when told to', async () => {
    const gone = await playServer(() => undefined)
    await gone.stop()
    const { updates, failures, feed } = follow(gone.url)
    await untilTrue(() => failures.length >= 2)
    expect(failures[0]?.failure).toMatchObject({ code: 'client.unreachable' })
    server = await playServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(`data: ${JSON.stringify(snapshot('a', 1))}\n\n`)
    }, gone.port)
    feed.retryNow()
    await untilTrue(() => updates.length === 1)
  })

  it('tells nothing once it is closed', async () => {
    let say: ((event: FeedEvent) => void) | undefined
    const { updates, failures, feed } = follow(
      await streams((send, response) => {
        say = send
        send(snapshot('a', 1))
        response.once('close', () => (say = undefined))
      }),
    )
    await untilTrue(() => updates.length === 1)
    feed.close()
    say?.(change('a', 2, row('n-1')))
    await untilTrue(() => say === undefined)
    expect([updates.length, failures.length]).toEqual([1, 0])
  })
})

describe('the feed of a Bacalhau orchestrator', () => {
  const nodes = nodeList[0]?.response.body
  const list = typeof nodes === 'object' && 'Nodes' in nodes && Array.isArray(nodes.Nodes) ? nodes.Nodes : []

  it('asks again and again, and tells what differs', async () => {
    let answer: readonly unknown[] = list
    server = await playServer(({ path }, response) => {
      if (path === '/api/v1/orchestrator/nodes') response.end(JSON.stringify({ NextToken: '', Nodes: answer }))
      else response.writeHead(404).end('{"Status":404,"Message":"The requested resource/URL was not found.","Code":"NotFound"}')
    })
    const { updates, failures } = follow(server.url)
    await untilTrue(() => updates.some((update) => update.kind === 'alive'))
    expect(updates[0]).toMatchObject({ kind: 'snapshot', feed: 'poll', nodes: list.map(() => ({ socket: { kind: 'unknown' } })) })
    answer = [{ ...list[0], Membership: 'REJECTED' }, list[1]]
    await untilTrue(() => updates.some((update) => update.kind === 'changes'))
    const changes = updates.filter((update) => update.kind === 'changes')
    expect(changes[0]).toMatchObject({ changed: [{ state: { Membership: 'REJECTED' } }], removed: [list[2]?.Info.NodeID] })
    expect(failures).toEqual([])
  })

  it('tells that it cannot ask, and begins anew', async () => {
    let broken = false
    server = await playServer(({ path }, response) => {
      if (path !== '/api/v1/orchestrator/nodes') response.writeHead(404).end('{"Status":404,"Message":"no"}')
      else if (broken) response.writeHead(500).end('{"Status":500,"Message":"Internal server error","Code":"InternalError"}')
      else response.end(JSON.stringify({ NextToken: '', Nodes: list }))
    })
    const { updates, failures } = follow(server.url)
    await untilTrue(() => updates.length > 0)
    broken = true
    await untilTrue(() => failures.length > 0)
    expect(failures[0]?.failure).toMatchObject({ code: 'InternalError' })
    broken = false
    await untilTrue(() => updates.filter((update) => update.kind === 'snapshot').length === 2)
  })
})
