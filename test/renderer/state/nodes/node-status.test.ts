import { describe, expect, it } from 'vitest'
import type { LocalNode } from '../../../../shared/cluster'
import { categoryOf, isOrchestrator, nodeStatus, nodeWords, sameStatus, timeOf } from '../../../../renderer/state/nodes/node-status'
import { nodeRow, type NodeSketch } from '../../fixtures/node-rows'

const now = Date.parse('2026-11-24T12:00:00Z')
const row = (sketch: Partial<NodeSketch> = {}) => nodeRow({ id: 'nuc-03', ...sketch }, now)
const local = (state: LocalNode['state'], more: Partial<LocalNode> = {}): LocalNode => ({ name: 'nuc-03', role: 'compute', state, ...more })
const running = { kind: 'running', since: now - 60_000, pid: 7, restarts: 0 } as const
const failure = { code: 'process.killed', message: 'Killed.' }
const trouble = (code: string) => ({ kind: 'waiting', since: now - 12_000, nextTryAt: now + 3000, attempt: 2, code, message: '' }) as const

describe('nodeStatus', () => {
  it.each([
    ['connected when both truths agree', row(), 'connected', 'up', 'connected'],
    ['socket lost while the orchestrator still says CONNECTED', row({ socket: 'lost', socketAge: 4000 }), 'socketLost', 'lost', 'connected'],
    ['no socket while the orchestrator says CONNECTED', row({ socket: 'none' }), 'noSocket', 'none', 'connected'],
    ['disconnected when both have noticed', row({ socket: 'lost', connection: 'DISCONNECTED' }), 'disconnected', 'lost', 'disconnected'],
    ['disconnected though the socket is up: no heartbeat came', row({ connection: 'DISCONNECTED' }), 'disconnected', 'up', 'disconnected'],
    ['stopped when a goodbye came first', row({ socket: 'stopped', connection: 'DISCONNECTED' }), 'stopped', 'none', 'disconnected'],
    ['pending approval', row({ membership: 'PENDING' }), 'pending', 'up', 'pending'],
    ['a lost socket weighs more than a pending approval', row({ membership: 'PENDING', socket: 'lost' }), 'socketLost', 'lost', 'pending'],
    ['rejected', row({ membership: 'REJECTED', connection: 'DISCONNECTED' }), 'rejected', 'up', 'rejected'],
    ['two under one name', row({ conflict: ['10.0.0.1', '10.0.0.2'] }), 'conflict', 'up', 'connected'],
    ['connected by the orchestrator alone where sockets are not told', row({ socket: 'unknown' }), 'connected', 'unknown', 'connected'],
    ['an orchestrator needs no socket', row({ role: 'Requester', socket: 'none' }), 'connected', 'up', 'connected'],
  ] as const)('tells %s', (_name, told, word, core, ring) => {
    expect(nodeStatus(told, undefined)).toMatchObject({ word, core, ring })
  })

  it('counts the age of a lost socket from its end, of a disconnection from the orchestrator’s time', () => {
    expect(nodeStatus(row({ socket: 'lost', socketAge: 4000 }), undefined).since).toBe(now - 4000)
    expect(nodeStatus(row({ connection: 'DISCONNECTED', disconnectedFor: 9000 }), undefined).since).toBe(now - 9000)
  })

  it.each([
    ['stopped', local({ kind: 'stopped', at: now }), 'stopped', true],
    ['starting', local({ kind: 'starting', since: now - 200 }), 'starting', true],
    ['stopping', local({ kind: 'stopping', since: now }), 'stopping', true],
    ['joining before the orchestrator knows it', local(running), 'joining', true],
    ['crashed and to be started again', local({ kind: 'waiting', since: now, nextTryAt: now + 4000, attempt: 3, failure }), 'crashed', false],
    ['crashed and given up', local({ kind: 'failed', since: now, failure }), 'crashed', false],
    ['refused', local(running, { connection: trouble('nats.refused') }), 'refused', false],
    ['reconnecting', local(running, { connection: trouble('nats.unreachable') }), 'reconnecting', false],
  ] as const)('tells a process of this machine that is %s, though no row is there', (_name, node, word, plain) => {
    expect(nodeStatus(undefined, node)).toMatchObject({ word, plain })
  })

  it('believes the process before the orchestrator that has not noticed yet', () => {
    const crashed = local({ kind: 'waiting', since: now, nextTryAt: now + 4000, attempt: 1, failure })
    expect(nodeStatus(row(), crashed)).toMatchObject({ word: 'crashed', ring: 'connected', until: now + 4000 })
  })

  it('believes the orchestrator when the process is well', () => {
    const node = local(running, { connection: { kind: 'connected', since: now, address: '', serverName: '' } })
    expect(nodeStatus(row({ membership: 'PENDING' }), node).word).toBe('pending')
    expect(nodeStatus(row({ socket: 'lost' }), node).word).toBe('socketLost')
  })

  it('draws a clock in the core while the process tries to come back', () => {
    expect(nodeStatus(row({ socket: 'lost' }), local(running, { connection: trouble('nats.unreachable') })).core).toBe('back')
  })
})

describe('the list of words', () => {
  it('has no two words of one rank, and the good one at its end', () => {
    const ranks = Object.values(nodeWords).map(({ rank }) => rank)
    expect(new Set(ranks).size).toBe(ranks.length)
    expect(nodeWords.connected.rank).toBe(Math.min(...ranks))
  })

  it('puts every word but those on the way into one filter', () => {
    const without = Object.keys(nodeWords).filter((word) => categoryOf(word as keyof typeof nodeWords) === undefined)
    expect(without.sort()).toEqual(['joining', 'starting', 'stopping'])
    expect([
      categoryOf('connected'),
      categoryOf('socketLost'),
      categoryOf('unknown'),
      categoryOf('pending'),
      categoryOf('crashed'),
      categoryOf('stopped'),
    ]).toEqual(['connected', 'unsure', 'unsure', 'pending', 'disconnected', 'stopped'])
  })
})

describe('what it reads from rows', () => {
  it('reads times with nine digits, and neither Go’s zero time nor nonsense', () => {
    expect(timeOf('2026-11-24T12:00:00.123456789Z')).toBe(now + 123)
    expect(timeOf('0001-01-01T00:00:00Z')).toBeUndefined()
    expect(timeOf('soon')).toBeUndefined()
    expect(timeOf(undefined)).toBeUndefined()
  })

  it('takes a node for an orchestrator by its type, whatever its spelling', () => {
    expect(isOrchestrator(row({ role: 'Requester' }), undefined)).toBe(true)
    const shouting = row()
    expect(isOrchestrator({ ...shouting, state: { ...shouting.state, Info: { ...shouting.state.Info, NodeType: 'COMPUTE' } } }, undefined)).toBe(
      false,
    )
    expect(isOrchestrator(undefined, { name: 'o', role: 'orchestrator', state: { kind: 'stopped' } })).toBe(true)
  })

  it('calls two states the same only when word, signs and times agree', () => {
    const a = nodeStatus(row({ socket: 'lost', socketAge: 4000 }), undefined)
    expect(sameStatus(a, nodeStatus(row({ socket: 'lost', socketAge: 4000 }), undefined))).toBe(true)
    expect(sameStatus(a, nodeStatus(row({ socket: 'lost', socketAge: 5000 }), undefined))).toBe(false)
    expect(sameStatus(a, nodeStatus(row(), undefined))).toBe(false)
  })
})
