import { afterEach, describe, expect, it, vi } from 'vitest'
import { useClusters } from '../../../renderer/state/clusters-store'
import { followMain } from '../../../renderer/state/follow-main'
import { useNodes } from '../../../renderer/state/nodes/nodes-store'
import { clusterOf } from '../../../renderer/state/window/place'
import { go, useUi } from '../../../renderer/state/window/ui-store'
import { createFakeBridge, type FakeBridge } from '../fixtures/fake-bridge'
import type { SceneName } from '../fixtures/scenes'

/** The window in front of a main process that tells one scene. */
function open(scene: SceneName): FakeBridge {
  const bridge = createFakeBridge(scene)
  vi.stubGlobal('window', { shoal: bridge })
  followMain()
  return bridge
}

const screen = () => useUi.getState().place?.screen
const allNodes = () => useNodes.getState().fold?.counts.all

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('followMain', () => {
  it('mirrors clusters and nodes of the cluster at hand, and follows what comes after', async () => {
    const bridge = open('nodes')
    await expect.poll(allNodes).toBe(12)
    expect(useClusters.getState().clusters?.map(({ name }) => name)).toEqual(['tidepool', 'field-edge', 'scratch'])
    expect(screen()).toBe('nodes')
    expect(useNodes.getState().fold?.counts).toMatchObject({ connected: 9, unsure: 1, pending: 1, disconnected: 1 })

    bridge.emit('nodes.changed', { kind: 'changes', clusterId: 'c1', revision: { start: 's1', counter: 2 }, changed: [], removed: ['pi5-attic'] })
    expect(allNodes()).toBe(11)

    // Another start of the orchestrator: the old rows are of its former life, so a snapshot is asked for.
    bridge.emit('nodes.changed', { kind: 'changes', clusterId: 'c1', revision: { start: 's2', counter: 1 }, changed: [], removed: ['atlas'] })
    await expect.poll(allNodes).toBe(12)

    go({ screen: 'nodes', clusterId: 'c2' })
    expect(useNodes.getState().fold).toMatchObject({ clusterId: 'c2', counts: { all: 0 } })

    const left = useClusters.getState().clusters?.filter(({ id }) => id !== 'c2') ?? []
    bridge.emit('clusters.changed', left)
    expect(clusterOf(useUi.getState().place)).toBe('c1')
    expect(useUi.getState().history.every((place) => clusterOf(place) !== 'c2')).toBe(true)

    bridge.emit('clusters.changed', [])
    expect(screen()).toBe('start')

    bridge.emit('app.closeAsked', { clusters: [{ name: 'tidepool', nodes: 3 }] })
    expect(useUi.getState().dialog).toMatchObject({ kind: 'close' })
    bridge.close()
  })
})
