import { expect, it } from 'vitest'
import type { NatsLink } from '../../../electron/transport/link'
import { PlayedNode } from '../../fixtures/orchestrator/played-node'
import { startWorld } from '../../fixtures/orchestrator/world'

const count = 1000

it(`${String(count)} nodes join at once; heartbeats are not written; after a crash all are back, and none of it is lost`, async () => {
  const world = await startWorld()
  try {
    const links: NatsLink[] = []
    // Not all at the same moment: this is about the orchestrator, not about one process that opens a thousand sockets.
    for (let n = 0; n < count; n += 50) links.push(...(await Promise.all(Array.from({ length: 50 }, (_, k) => world.join(`node-${String(n + k)}`)))))
    const nodes = links.map((link, n) => new PlayedNode(link, `node-${String(n)}`))
    const answers = await Promise.all(nodes.map((node) => node.handshake()))
    expect(answers.every(({ payload }) => payload['accepted'] === true && payload['reason'] === 'node registered')).toBe(true)
    expect(await world.nodes('?filter-status=CONNECTED')).toHaveLength(count + 1)

    const before = performance.now()
    const written = world.ledgerSequence()
    await Promise.all(nodes.map((node) => node.heartbeat()))
    expect(world.ledgerSequence()).toBe(written)
    expect(await world.nodes('?order_by=available_cpu&limit=3')).toHaveLength(3)
    expect(performance.now() - before).toBeLessThan(10_000)

    await world.restart('kill')
    expect(await world.nodes('?filter-status=DISCONNECTED')).toHaveLength(count)
    const again = await Promise.all(nodes.map((node) => node.handshake()))
    expect(again.every(({ payload }) => payload['reason'] === 'node reconnected')).toBe(true)
    expect(await world.nodes('?filter-status=CONNECTED')).toHaveLength(count + 1)
  } finally {
    await world.stop()
  }
}, 60_000)
