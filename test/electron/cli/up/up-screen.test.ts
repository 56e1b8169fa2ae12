import { describe, expect, it } from 'vitest'
import { linesBetween } from '../../../../electron/cli/up/up-lines'
import type { UpState } from '../../../../electron/cli/up/up-screen'
import { upScreen } from '../../../../electron/cli/up/up-screen'
import type { NodeRow } from '../../../../shared/models/node-row'

const at = 1_000_000

function row(id: string, more: Partial<NodeRow> = {}, status = 'CONNECTED'): NodeRow {
  return {
    state: {
      Info: {
        NodeID: id,
        NodeType: 'Compute',
        ComputeNodeInfo: { RunningExecutions: 0, EnqueuedExecutions: 0, address: '', MaxCapacity: { CPU: 2, Memory: 4e9 } },
      },
      Membership: 'APPROVED',
      Connection: status,
      ConnectionState: { Status: status, LastHeartbeat: '', ConnectedSince: '', DisconnectedSince: '' },
    },
    socket: { kind: 'up', since: at - 5000, clientId: 1, host: '127.0.0.1' },
    ...more,
  }
}

const running: UpState = {
  name: 'tide',
  phase: { kind: 'running', since: at - 60_000 },
  apiUrl: 'http://127.0.0.1:1234',
  natsAddress: '0.0.0.0:4222, token needed to join',
  folder: '/data',
  notices: [],
  join: ['To join from another machine:', '  shoal serve …'],
  nodes: [row('tide-a'), row('tide-b')],
  asOf: at - 2000,
  trouble: undefined,
}

const screen = (state: Partial<UpState>, rows = 40, columns = 100): readonly string[] => upScreen({ ...running, ...state }, at, { columns, rows })

describe('upScreen', () => {
  it('shows addresses, nodes with both truths, and how to join', () => {
    const text = screen({}).join('\n')
    expect(text).toMatch(/^tide runs for 60 s\n {2}API {3}http:\/\/127\.0\.0\.1:1234\n/)
    expect(text).toMatch(/ tide-a +Compute +APPROVED +CONNECTED +up 5 s +2\.0 +4\.0 GB/)
    expect(text).toContain('To join from another machine:')
    expect(text).toContain('Ctrl-C')
  })

  it('shows what each node has to do, and what of it is in use', () => {
    const work = { running: 3, queued: 1, asked: 1, inUse: { CPU: 3, Memory: 3e9 }, waiting: { CPU: 2, Memory: 2e9 } }
    const text = screen({
      nodes: [row('busy', { work }), row('idle', { work: { running: 0, queued: 0, asked: 0, inUse: {} } }), row('gone', { work }, 'DISCONNECTED')],
    })
    expect(text.find((line) => line.includes('busy'))).toMatch(/ 2 \+2 +1\.0 \/ 2\.0 +1\.0 GB \/ 4\.0 GB$/)
    expect(text.find((line) => line.includes('idle'))).toMatch(/ 0 +0\.0 \/ 2\.0 +0 B \/ 4\.0 GB$/)
    expect(text.find((line) => line.includes('gone'))).toMatch(/DISCONNECTED +up 5 s +2\.0 +4\.0 GB$/)
  })

  it('shows the steps of a start, the one that failed too', () => {
    const steps = [
      { name: 'ports', status: 'done', detail: '4222 NATS', ms: 3, limitMs: 1 },
      { name: 'nats-server', status: 'failed', detail: 'not found', limitMs: 1 },
    ] as const
    const text = screen({ phase: { kind: 'starting', since: at, steps }, asOf: undefined }).join('\n')
    expect(text).toContain('✓ ports          4222 NATS (3 ms)')
    expect(text).toContain('✗ nats server    not found')
    expect(text).not.toContain('NODE')
  })

  it('tells stopped, lost and cloned nodes apart', () => {
    const text = screen({
      nodes: [
        row('a', { socket: { kind: 'stopped', at, since: 1, reason: 'Client Closed' } }, 'DISCONNECTED'),
        row('b', { socket: { kind: 'lost', at, since: 1, reason: 'Stale Connection' } }, 'DISCONNECTED'),
        row('c', { conflict: { since: 1, hosts: ['x', 'y'], clientIds: [1, 2] } }),
      ],
    }).join('\n')
    expect(text).toMatch(/ a +Compute +APPROVED +DISCONNECTED +stopped/)
    expect(text).toContain('lost (Stale Connection)')
    expect(text).toContain('CONFLICT: 2 under one name')
  })

  it('says how old the list is once it is not current', () => {
    expect(screen({ trouble: 'no server' }).join('\n')).toContain('as of 2 s ago: no server')
  })

  it('fits into any terminal', () => {
    const nodes = Array.from({ length: 500 }, (_, index) => row(`node-${index}`))
    for (const rows of [5, 10, 24, 60]) {
      const lines = screen({ nodes }, rows, 40)
      expect(lines.length).toBeLessThan(rows)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    }
    expect(screen({ nodes }, 40).join('\n')).toMatch(/… \d+ more: shoal node list/)
  })
})

describe('linesBetween', () => {
  const lines = (before: Partial<UpState> | undefined, after: Partial<UpState>): readonly string[] =>
    linesBetween(before === undefined ? undefined : { ...running, ...before }, { ...running, ...after }, at)

  it('says once what has changed', () => {
    const lost = row('tide-b', { socket: { kind: 'lost', at, since: 1, reason: 'Client Closed' } })
    expect(lines({}, {})).toEqual([])
    expect(lines({}, { nodes: [row('tide-a'), lost] })).toEqual(['compute tide-b connected, socket lost (Client Closed)'])
    expect(lines({ nodes: [lost] }, { nodes: [row('tide-b', { socket: lost.socket }, 'DISCONNECTED')] })).toEqual([
      'compute tide-b disconnected, socket lost (Client Closed)',
    ])
    expect(lines({}, { nodes: [row('tide-a')] })).toEqual(['tide-b is forgotten'])
    expect(lines({}, { notices: ['Port 4222 is taken.'] })).toEqual(['Port 4222 is taken.'])
    expect(lines({}, { trouble: 'no server' })).toEqual(['the list of nodes is getting old: no server'])
    expect(lines({}, { phase: { kind: 'stopping', since: at } })).toEqual(['tide stops'])
  })

  it('tells of heartbeats and ages nothing', () => {
    expect(lines({}, { nodes: [row('tide-a', { socket: { kind: 'up', since: 1, clientId: 1, host: 'x', rttMs: 3 } }), row('tide-b')] })).toEqual([])
  })

  it('begins with the folder, and with the addresses when it runs', () => {
    expect(lines(undefined, { phase: { kind: 'starting', since: at, steps: [] }, nodes: [] })).toEqual(['tide starts in /data'])
    expect(lines({ phase: { kind: 'starting', since: at, steps: [] } }, {})).toEqual([
      'tide runs: API http://127.0.0.1:1234, NATS 0.0.0.0:4222, token needed to join',
      ...running.join,
    ])
  })
})
