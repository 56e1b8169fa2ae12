import { describe, expect, it } from 'vitest'
import type { NodeWork } from '../../../../shared/models/node-row'
import { nodeEntry } from '../../../../renderer/state/nodes/node-entry'
import { jobsOf, shareOf } from '../../../../renderer/state/nodes/node-work'
import { nodeRow, type NodeSketch } from '../../fixtures/node-rows'

const now = Date.parse('2026-11-24T12:00:00Z')
const entry = (sketch: Partial<NodeSketch>, work?: NodeWork) =>
  nodeEntry('a', { ...nodeRow({ id: 'a', ...sketch }, now), ...(work === undefined ? {} : { work }) }, undefined, undefined)
const work: NodeWork = {
  running: 5,
  queued: 2,
  asked: 1,
  inUse: { CPU: 10, Memory: 4e9 },
  waiting: { CPU: 6, Memory: 1e9 },
}

describe('jobsOf', () => {
  it('tells what runs, what the node keeps in its queue, and what it was asked for', () => {
    expect(jobsOf(entry({}, work))).toEqual({ running: 3, queued: 2, asked: 1, past: false })
    expect(jobsOf(entry({}, { running: 4, asked: 0, inUse: {} }))).toEqual({ running: 4, queued: 0, asked: 0, past: false })
  })

  it('does not take "not told" for 0', () => {
    expect(jobsOf(entry({}))).toBe('unknown')
    expect(jobsOf(nodeEntry('a', undefined, { name: 'a', role: 'compute', state: { kind: 'stopped' } }, undefined))).toBe('unknown')
    expect(jobsOf(entry({ role: 'Requester' }, work))).toBe('none')
  })

  it('marks what was left on a node that is gone', () => {
    expect(jobsOf(entry({ connection: 'DISCONNECTED' }, work))).toEqual({ running: 3, queued: 2, asked: 1, past: true })
    expect(jobsOf(entry({ connection: 'DISCONNECTED' }, { running: 0, asked: 0, inUse: {} }))).toBe('unknown')
  })
})

describe('shareOf', () => {
  it('tells what is in use of the whole by the last heartbeat', () => {
    expect(shareOf(entry({ cpu: [3.5, 6] }), 'CPU')).toEqual({ used: 3.5, asked: 0, total: 6, past: false })
    expect(shareOf(entry({ memory: [0, 12] }), 'Memory')).toEqual({ used: 0, asked: 0, total: 12e9, past: false })
  })

  it('believes the books of the orchestrator more than a heartbeat', () => {
    expect(shareOf(entry({ cpu: [0, 8] }, work), 'CPU')).toEqual({ used: 4, asked: 6, total: 8, past: false })
    expect(shareOf(entry({ memory: [20, 25] }, work), 'Memory')).toMatchObject({ used: 3e9, asked: 1e9 })
    expect(shareOf(entry({ cpu: [0, 8] }, { ...work, beside: { CPU: 1 } }), 'CPU')).toMatchObject({ used: 5 })
    expect(shareOf(entry({ cpu: [0, 8] }, { ...work, beside: { CPU: 100 } }), 'CPU')).toMatchObject({ used: 8 })
  })

  it('does not take "not known" for 0', () => {
    expect(shareOf(entry({ connection: 'DISCONNECTED' }), 'CPU')).toBe('unknown')
    expect(shareOf(entry({ connection: 'DISCONNECTED' }, { running: 0, asked: 0, inUse: {} }), 'CPU')).toBe('unknown')
    expect(shareOf(nodeEntry('a', undefined, { name: 'a', role: 'compute', state: { kind: 'stopped' } }, undefined), 'CPU')).toBe('unknown')
  })

  it('marks what a node that is gone still holds', () => {
    expect(shareOf(entry({ connection: 'DISCONNECTED', cpu: [0, 8] }, work), 'CPU')).toEqual({ used: 4, asked: 6, total: 8, past: true })
  })

  it('has none where a node offers none', () => {
    expect(shareOf(entry({ role: 'Requester' }), 'CPU')).toBe('none')
    expect(shareOf(entry({}, work), 'GPU')).toBe('none')
  })

  it('keeps the last figures while only the socket is lost', () => {
    expect(shareOf(entry({ socket: 'lost', cpu: [4, 8] }), 'CPU')).toMatchObject({ used: 4, total: 8, past: false })
  })
})
