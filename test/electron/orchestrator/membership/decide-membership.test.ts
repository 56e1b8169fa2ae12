import { describe, expect, it } from 'vitest'
import { admit, decideMembership } from '../../../../electron/orchestrator/membership/decide-membership'
import type { KnownNode } from '../../../../electron/orchestrator/nodes/registry'
import type { NodeInfo } from '../../../../shared/models/node'

const info: NodeInfo = {
  NodeID: 'n-1',
  NodeType: 'Compute',
  Labels: { a: '1', b: '2' },
  SupportedProtocols: ['ncl/v1'],
  ComputeNodeInfo: {
    ExecutionEngines: ['wasm', 'docker'],
    Publishers: null,
    StorageSources: [],
    MaxCapacity: { CPU: 4 },
    AvailableCapacity: { CPU: 3 },
    QueueCapacity: {},
    RunningExecutions: 1,
    EnqueuedExecutions: 0,
    address: '',
  },
}
const known = (membership: KnownNode['membership']): KnownNode => ({ info, membership, registeredAt: 0 })
const byHand = { manualApproval: true, at: 5 }
const byItself = { manualApproval: false, at: 5 }

describe('a handshake', () => {
  it('of a new node is accepted, approved or left for approval; what heartbeats tell is not kept', () => {
    for (const [options, membership] of [
      [byItself, 'APPROVED'],
      [byHand, 'PENDING'],
    ] as const) {
      const admission = admit(undefined, info, options)
      expect(admission).toMatchObject({
        accepted: true,
        isNew: true,
        reason: 'node registered',
        changes: [{ kind: 'node.registered', at: 5, membership }],
      })
      expect(JSON.stringify(admission)).not.toContain('"CPU":3')
    }
  })

  it('of a known node changes nothing unless it says something new; membership stays', () => {
    for (const membership of ['APPROVED', 'PENDING'] as const) {
      expect(admit(known(membership), info, byHand)).toEqual({ accepted: true, isNew: false, reason: 'node reconnected', changes: [] })
    }
    const reordered = {
      ...info,
      Labels: { b: '2', a: '1' },
      ComputeNodeInfo: { ...info.ComputeNodeInfo, ExecutionEngines: ['docker', 'wasm'], RunningExecutions: 9 },
    }
    expect(admit(known('APPROVED'), reordered, byItself)).toMatchObject({ changes: [] })
    const relabelled = { ...info, Labels: { a: '2', b: '2' } }
    expect(admit(known('APPROVED'), relabelled, byItself)).toMatchObject({
      accepted: true,
      changes: [{ kind: 'node.info', info: { Labels: { a: '2' } } }],
    })
  })

  it('of a rejected node is refused, and of one that is no compute node', () => {
    expect(admit(known('REJECTED'), info, byItself)).toEqual({ accepted: false, reason: 'node has been rejected' })
    for (const NodeType of ['Requester', '']) {
      expect(admit(undefined, { ...info, NodeType }, byItself)).toEqual({ accepted: false, reason: 'node is not a compute node' })
    }
  })
})

describe('a person', () => {
  const decide = (action: 'approve' | 'reject' | 'delete', membership: KnownNode['membership'], message = '') =>
    decideMembership(action, 'n-1', known(membership), { asked: 'n-', message, at: 7 })

  it('approves and rejects from every other state, and deletes from all', () => {
    for (const from of ['PENDING', 'REJECTED'] as const)
      expect(decide('approve', from)).toEqual({ kind: 'node.membership', at: 7, id: 'n-1', membership: 'APPROVED' })
    for (const from of ['PENDING', 'APPROVED'] as const) {
      expect(decide('reject', from, 'no')).toEqual({ kind: 'node.membership', at: 7, id: 'n-1', membership: 'REJECTED', message: 'no' })
    }
    for (const from of ['PENDING', 'APPROVED', 'REJECTED'] as const)
      expect(decide('delete', from)).toEqual({ kind: 'node.deleted', at: 7, id: 'n-1' })
  })

  it('is told when there is nothing to change, by the id that was asked for', () => {
    expect(() => decide('approve', 'APPROVED')).toThrow(
      expect.objectContaining({ code: 'ConflictNodeState', status: 409, message: 'node n- already approved' }),
    )
    expect(() => decide('reject', 'REJECTED')).toThrow(expect.objectContaining({ code: 'ConflictNodeState', message: 'node n- already rejected' }))
  })
})
