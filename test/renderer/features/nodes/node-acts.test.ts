import { describe, expect, it } from 'vitest'
import type { LocalNode } from '../../../../shared/cluster'
import { canDo, nodeActs } from '../../../../renderer/features/nodes/node-acts'
import { nodeEntry } from '../../../../renderer/state/nodes/node-entry'
import { nodeRow, type NodeSketch } from '../../fixtures/node-rows'

const entry = (sketch: NodeSketch | undefined, local?: LocalNode) => nodeEntry('a', sketch && nodeRow(sketch, 0), local, undefined)
const local = (state: LocalNode['state'], role: LocalNode['role'] = 'compute'): LocalNode => ({ name: 'a', role, state })
const running = { kind: 'running', since: 0, pid: 1, restarts: 0 } as const
const acts = (...of: Parameters<typeof nodeActs>) => nodeActs(...of).map(({ act }) => act)

describe('nodeActs', () => {
  it('offers to approve or reject a node that waits', () => {
    expect(acts(entry({ id: 'a', membership: 'PENDING' }), true)).toEqual(['approve', 'copy', 'reject', 'delete'])
  })

  it('offers to approve a rejected one again', () => {
    expect(acts(entry({ id: 'a', membership: 'REJECTED' }), true)).toEqual(['approve', 'copy', 'delete'])
  })

  it('offers what this machine can do with its own processes', () => {
    expect(acts(entry({ id: 'a' }, local(running)), true)).toEqual(['stop', 'restart', 'log', 'config', 'copy', 'reject', 'remove'])
    expect(acts(entry(undefined, local({ kind: 'stopped' })), true)).toEqual(['start', 'log', 'config', 'copy', 'remove'])
  })

  it('never offers to stop, reject or delete the orchestrator as if it were a node', () => {
    expect(acts(entry({ id: 'a', role: 'Requester' }, local(running, 'orchestrator')), true)).toEqual(['restart', 'log', 'config', 'copy'])
  })

  it('blocks only what asks an orchestrator that does not answer', () => {
    const node = entry({ id: 'a', membership: 'PENDING' }, local(running))
    expect(canDo(node, 'approve', false)).toBe(false)
    expect(canDo(node, 'stop', false)).toBe(true)
    expect(canDo(node, 'start', true)).toBe(false)
    expect(
      nodeActs(node, false)
        .filter(({ blocked }) => blocked)
        .map(({ act }) => act),
    ).toEqual(['approve', 'reject'])
  })
})
