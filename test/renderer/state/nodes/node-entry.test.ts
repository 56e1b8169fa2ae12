import { describe, expect, it } from 'vitest'
import { SHOAL_VERSION_LABEL as sharedLabel } from '../../../../shared/bacalhau-version'
import {
  addressOf,
  heartbeatOf,
  isToldHere,
  labelsOf,
  nodeEntry,
  productOf,
  rttOf,
  SHOAL_VERSION_LABEL,
  sortableName,
} from '../../../../renderer/state/nodes/node-entry'
import { nodeRow, type NodeSketch } from '../../fixtures/node-rows'

const now = Date.parse('2026-11-24T12:00:00Z')
const entry = (sketch: Partial<NodeSketch>) => nodeEntry(sketch.id ?? 'a', nodeRow({ id: 'a', ...sketch }, now), undefined, undefined)

describe('productOf', () => {
  it('tells a Shoal node by its label, any other by the version it reports', () => {
    expect(productOf(entry({ version: { shoal: '0.1.0' } }))).toEqual({ name: 'Shoal', version: '0.1.0' })
    expect(productOf(entry({ version: { bacalhau: '1.7.2' } }))).toEqual({ name: 'Bacalhau', version: '1.7.2' })
  })

  it('reads the label that nodes write', () => {
    expect(SHOAL_VERSION_LABEL).toBe(sharedLabel)
  })

  it('does not show that label among those that people chose', () => {
    expect(labelsOf(entry({ version: { shoal: '0.1.0' }, labels: { site: 'rack' } })).map(([key]) => key)).toEqual([
      'site',
      'os_type',
      'os_arch',
      'name',
    ])
  })
})

describe('nodeEntry', () => {
  it('keeps the same state object while nothing about the state changed', () => {
    const first = entry({ heartbeatAge: 1000 })
    const second = nodeEntry('a', nodeRow({ id: 'a', heartbeatAge: 500 }, now), undefined, first)
    expect(second).not.toBe(first)
    expect(second.status).toBe(first.status)
  })

  it('has a round trip only while the socket is up, and no heartbeat before the first', () => {
    expect(rttOf(entry({ rtt: 0.4 }))).toBe(0.4)
    expect(rttOf(entry({ rtt: 0.4, socket: 'lost' }))).toBeUndefined()
    expect(heartbeatOf(entry({}))).toBeUndefined()
    expect(heartbeatOf(entry({ heartbeatAge: 600 }))).toBe(now - 600)
    expect(addressOf(entry({ host: '192.168.1.40' }))).toBe('192.168.1.40')
  })
})

describe('isToldHere', () => {
  const process = (kind: 'stopped' | 'running') => ({
    name: 'a',
    role: 'compute' as const,
    state: kind === 'stopped' ? { kind } : { kind, since: now, pid: 1, restarts: 0 },
  })

  it('tells what this machine sees itself from what an orchestrator said', () => {
    expect(isToldHere(nodeEntry('a', nodeRow({ id: 'a' }, now), process('stopped'), undefined))).toBe(true)
    expect(isToldHere(nodeEntry('a', nodeRow({ id: 'a' }, now), process('running'), undefined))).toBe(false)
    expect(isToldHere(entry({ socket: 'stopped', connection: 'DISCONNECTED' }))).toBe(false)
  })
})

describe('sortableName', () => {
  it('compares as people count', () => {
    const names = ['node-10', 'Node-2', 'node-1', 'atlas']
    expect(names.toSorted((a, b) => (sortableName(a) < sortableName(b) ? -1 : 1))).toEqual(['atlas', 'node-1', 'Node-2', 'node-10'])
  })
})
