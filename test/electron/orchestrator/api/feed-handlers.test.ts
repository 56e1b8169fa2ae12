import { afterAll, beforeAll, expect, it } from 'vitest'
import { feedEventSchema, feedSnapshotSchema } from '../../../../shared/http/feed'
import type { FeedEvent } from '../../../../shared/http/feed'
import { eventually } from '../../../fixtures/eventually'
import { PlayedNode } from '../../../fixtures/orchestrator/played-node'
import { startWorld } from '../../../fixtures/orchestrator/world'
import type { World } from '../../../fixtures/orchestrator/world'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

/** Reads the event stream as every client would, until it is told to stop. */
async function follow(lastId?: string) {
  const stop = new AbortController()
  const response = await fetch(`${world.api.url}/api/v1/shoal/events`, {
    signal: stop.signal,
    ...(lastId === undefined ? {} : { headers: { 'Last-Event-ID': lastId } }),
  })
  const events: FeedEvent[] = []
  const ids: string[] = []
  const read = async () => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true })
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
        const data = field('data')
        if (data === undefined) continue
        events.push(feedEventSchema.parse(JSON.parse(data)))
        ids.push(field('id') ?? '')
        expect(field('event')).toBe(events.at(-1)?.kind)
      }
    }
  }
  const done = read().catch(() => undefined)
  const end = async () => {
    stop.abort()
    await done
  }
  return { events, ids, end, done }
}

it('begins with a snapshot, then tells of each change: a node joins, is lost, is refused', async () => {
  const reader = await follow()
  await eventually('the snapshot arrives', () => reader.events.length > 0)
  expect(reader.events[0]).toMatchObject({
    kind: 'snapshot',
    orchestrator: { version: '0.1.0', nats: { tokenRequired: true, connections: expect.any(Number) as number } },
  })
  const node = new PlayedNode(await world.join('n-1'), 'n-1')
  await node.handshake()
  const saw = (what: (event: FeedEvent) => boolean) => eventually('the change arrives', () => reader.events.find(what))
  await saw((event) => event.kind === 'nodes' && event.changed.some(({ state, socket }) => state.Connection === 'CONNECTED' && socket.kind === 'up'))
  await node.link.close()
  await saw(
    (event) => event.kind === 'nodes' && event.changed.some(({ state, socket }) => state.Connection === 'DISCONNECTED' && socket.kind === 'lost'),
  )
  world.refuse({ at: 1, node: 'n-2', host: '10.0.0.1', reason: 'wrong-token', fingerprint: 'abcd', count: 1 })
  await saw((event) => event.kind === 'orchestrator' && event.orchestrator.refusals.some(({ node: name }) => name === 'n-2'))
  await world.act('n-1', 'delete')
  await saw((event) => event.kind === 'nodes' && event.removed.includes('n-1'))
  const counters = reader.events.map(({ revision }) => revision.counter)
  expect(counters).toEqual(counters.map((_, n) => (counters[0] ?? 0) + n))
  await reader.end()

  // Whoever comes back gets what it missed, and no snapshot.
  const again = await follow(reader.ids.at(-2))
  await eventually('the missed event arrives', () => again.ids.length > 0)
  expect(again.ids[0]).toBe(reader.ids.at(-1))
  await again.end()
})

it('the snapshot alone is the same as the beginning of the stream', async () => {
  const response = await fetch(`${world.api.url}/api/v1/shoal/nodes`)
  const snapshot = feedSnapshotSchema.parse(await response.json())
  const reader = await follow()
  await eventually('the snapshot arrives', () => reader.events.length > 0)
  expect(reader.events[0]).toMatchObject({ kind: 'snapshot', nodes: snapshot.nodes })
  expect(snapshot.orchestrator.nats).toMatchObject({ serverId: world.link.server?.serverId, version: world.link.server?.version })
  await reader.end()
})

it('ends when the orchestrator stops, so that readers ask again', async () => {
  const reader = await follow()
  await eventually('the snapshot arrives', () => reader.events.length > 0)
  await world.restart('stop')
  await reader.done
  const again = await follow(reader.ids.at(-1))
  await eventually('the snapshot arrives', () => again.events.length > 0)
  expect(again.events[0]?.kind).toBe('snapshot')
  expect(again.events[0]?.revision.start).not.toBe(reader.events[0]?.revision.start)
  await again.end()
})
