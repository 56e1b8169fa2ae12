import { describe, expect, it } from 'vitest'
import { verdictOf } from '../../../../../renderer/features/nodes/inspector/verdict'
import { nodeRow, type NodeSketch } from '../../../fixtures/node-rows'

const now = 1_800_000_000_000
const verdict = (sketch: Partial<NodeSketch>) => verdictOf(nodeRow({ id: 'a', ...sketch }, now))

describe('verdictOf', () => {
  it('says when the orchestrator must have noticed a lost socket', () => {
    expect(verdict({ socket: 'lost', socketAge: 4000, disconnectsIn: 43_000 })).toEqual({ kind: 'not-noticed', from: now - 4000, by: now + 43_000 })
    expect(verdict({ socket: 'lost' })).toEqual({ kind: 'noticed-late' })
  })

  it.each([
    ['agree', {}],
    ['agree', { socket: 'lost', connection: 'DISCONNECTED' }],
    ['itself', { role: 'Requester', socket: 'none' }],
    ['alone', { socket: 'unknown' }],
    ['silent', { connection: 'DISCONNECTED' }],
    ['stopped', { socket: 'stopped', connection: 'DISCONNECTED' }],
    ['pending', { membership: 'PENDING' }],
    ['rejected', { membership: 'REJECTED' }],
  ] as const)('is "%s" for %o', (kind, sketch) => {
    expect(verdict(sketch).kind).toBe(kind)
  })

  it('names the machines that use one name', () => {
    expect(verdict({ conflict: ['10.0.0.1', '10.0.0.2'] })).toEqual({ kind: 'conflict', hosts: ['10.0.0.1', '10.0.0.2'] })
  })
})
