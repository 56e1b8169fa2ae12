import { beforeEach, expect, it } from 'vitest'
import { placeable } from '../../../../electron/orchestrator/jobs/candidates'
import { created } from '../../../../electron/orchestrator/jobs/job-changes'
import { JobState } from '../../../../electron/orchestrator/jobs/job-state'
import { NodeBooks } from '../../../../electron/orchestrator/jobs/node-books'
import { NodeTable } from '../../../../electron/orchestrator/nodes/node-table'
import { cutOff, leave, outages } from '../../../../electron/orchestrator/presence/presence'
import type { Presence } from '../../../../electron/orchestrator/presence/presence'
import { Registry } from '../../../../electron/orchestrator/nodes/registry'
import { SocketTable } from '../../../../electron/orchestrator/presence/socket-table'
import { type ComputeStateType, computeStates, desiredStates } from '../../../../shared/models/execution'
import { eventually } from '../../../fixtures/eventually'
import { keptJob } from '../../../fixtures/orchestrator/kept-jobs'
import { nodeInfo } from '../../../fixtures/orchestrator/played-node'
import { storedExecution } from '../../../fixtures/orchestrator/stored-execution'

/** A node of 4 CPUs. */
const id = 'n-1'
let registry: Registry
let table: NodeTable
let sockets: SocketTable
let state: JobState
let changes: string[]
let books: NodeBooks
let beat: number
/** So much the clock is ahead. */
let later = 0

function begin(membership: 'APPROVED' | 'PENDING' = 'APPROVED'): void {
  registry = new Registry()
  registry.apply({ kind: 'node.registered', at: 1, info: nodeInfo(id), membership })
  sockets = new SocketTable()
  table = new NodeTable({ registry, sockets, own: nodeInfo('n-orch', { NodeType: 'Requester' }), startedAt: 1, disconnectTimeoutMs: () => 60_000 })
  state = new JobState()
  changes = []
  beat = 1
  books = new NodeBooks({
    table,
    sockets,
    clock: { now: Date.now, monotonic: () => performance.now() + later },
    state: () => state,
    times: { socketGraceMs: 40, restartGraceMs: 10_000, handshakeGraceMs: 60_000 },
    onChange: (node, change) => changes.push(`${node} ${change}`),
  })
}
beforeEach(() => begin())

const present = (change: (presence: Presence) => Presence) => table.update(id, (live) => ({ ...live, presence: change(live.presence) }))
/** The node tells what it has free and queued. */
function says(CPU: number, queued = 0): void {
  beat += 1
  const session = { connectedSince: 1, lastHeartbeatAt: beat, beatAt: beat, handshakeAt: 1, running: 0, enqueued: 0 }
  present(() => ({
    kind: 'connected',
    session: { ...session, available: { CPU, Memory: 8 << 20, Disk: 100 << 20 }, queued: queued === 0 ? {} : { CPU: queued } },
  }))
}
let n = 0
/** This orchestrator gives the node an execution that takes so many CPUs; returns its end. */
function give(CPU: string): (how?: ComputeStateType) => void {
  const base = keptJob((n += 1))
  const job = { ...base, Tasks: base.Tasks.map((task) => ({ ...task, Resources: { CPU } })) }
  const execution = storedExecution(`e-${String(n)}`, job, id, {
    DesiredState: { StateType: desiredStates.Running },
    ComputeState: { StateType: computeStates.BidAccepted },
  })
  books.executionsChanged(state.apply([...created(job, n), { put: 'execution', execution }]))
  return (how = computeStates.Completed) => {
    const fields = { ComputeState: { StateType: how }, DesiredState: { StateType: desiredStates.Stopped } }
    books.executionsChanged(state.apply([{ patch: 'execution', id: execution.ID, fields }]))
  }
}
const free = (): number | undefined => placeable(books.nodes())[0]?.available.CPU
const queued = (): number => placeable(books.nodes())[0]?.queued.CPU ?? 0

it('counts what it has given a node at once, long before the node tells of it, and gives it back at once', () => {
  says(4)
  expect(free()).toBe(4)
  const ends = [give('1'), give('500m')]
  expect(free()).toBe(2.5)
  expect(books.work(id)).toMatchObject({ running: 2, asked: 0, inUse: { CPU: 1.5 } })
  // The node's word is as of then: it has what it was given, and nothing else.
  says(2.5)
  expect(free()).toBe(2.5)
  for (const end of ends) end()
  expect(free()).toBe(4)
  expect(books.work(id)).toMatchObject({ running: 0, inUse: {} })
})

it('counts what others use of the node, by its own word', () => {
  says(4)
  give('1')
  says(1) // Two CPUs are in use by somebody else.
  expect(free()).toBe(1)
  give('1')
  expect(free() ?? 0).toBe(0)
  changes = []
  says(2)
  expect(changes).toEqual(['n-1 freed'])
  expect(free()).toBe(2)
})

it('takes a word of the node that is older than the end of an execution for no use by others', () => {
  const end = give('3')
  says(1)
  expect(free()).toBe(1)
  end()
  says(1) // Written before it had freed the room.
  expect(free()).toBe(4)
  later += 1500
  says(1) // It is somebody else’s after all.
  expect(free()).toBe(1)
})

it('lets a node wind down what was ended here, also beside what it was given meanwhile', () => {
  const cancel = give('3')
  says(1)
  cancel(computeStates.Cancelled)
  give('2')
  says(0, 1)
  expect([free(), queued()]).toEqual([2, 0])
  later += 3000
  says(0, 1)
  expect([free(), queued()]).toEqual([2, 0])
  later += 3000
  says(0, 1)
  expect([free() ?? 0, queued()]).toEqual([0, 1])
})

it('shows what has been given beyond the node’s size as queued there', () => {
  says(4)
  give('3')
  give('2')
  expect([free() ?? 0, queued()]).toEqual([0, 1])
  says(0, 1)
  expect([free() ?? 0, queued()]).toEqual([0, 1])
})

it('tells of a node that joins, and of one that is lost only when it does not come back in time', async () => {
  expect(books.standing(id)).toBe('grace') // It was here before the start.
  says(4)
  expect(changes).toEqual(['n-1 joined'])
  present((presence) => cutOff(presence, 5, 'Client Closed'))
  expect(books.standing(id)).toBe('grace')
  expect(placeable(books.nodes())).toEqual([])
  says(4)
  expect(books.standing(id)).toBe('connected')
  expect(changes).toEqual(['n-1 joined', 'n-1 joined'])

  present((presence) => cutOff(presence, 6, 'Client Closed'))
  await eventually('it is given up', () => books.standing(id) === 'lost')
  expect(changes.at(-1)).toBe('n-1 left')
  says(4)
  expect(changes.slice(-2)).toEqual(['n-1 left', 'n-1 joined'])
  present((presence) => leave(presence, 7, 'graceful shutdown'))
  expect([books.standing(id), changes.at(-1)]).toEqual(['lost', 'n-1 left'])
})

it('a node that lost its connection with everybody else, because the NATS server ended, keeps its work for longer', () => {
  says(4)
  for (const outage of Object.values(outages)) {
    present((presence) => cutOff(presence, 5, outage))
    later += 60
    table.changed(id)
    expect(books.standing(id)).toBe('grace')
    says(4)
  }
  present((presence) => cutOff(presence, 6, 'Client Closed'))
  later += 60
  table.changed(id)
  expect(books.standing(id)).toBe('lost')
})

it('a node that shakes hands over a new connection, long after a restart, keeps its work', () => {
  const at = (): number => performance.now() + later
  sockets.add({ clientId: 7, name: id, host: '10.0.0.1', since: 1 }, at())
  table.changed(id)
  later += 30_000
  table.changed(id)
  expect(books.standing(id)).toBe('grace')
  sockets.remove(id, 7, { reason: 'Client Closed', at: 30_000, heardAt: at() })
  table.changed(id)
  expect([books.standing(id), changes]).toEqual(['grace', []])
  says(4)
  expect([books.standing(id), changes]).toEqual(['connected', ['n-1 joined']])
})

it('a node that never shakes hands after a restart is lost, so long after its connection ended', () => {
  sockets.add({ clientId: 7, name: id, host: '10.0.0.1', since: 1 }, performance.now() + later)
  later += 30_000
  sockets.remove(id, 7, { reason: 'Client Closed', at: 30_000, heardAt: performance.now() + later })
  later += 10_001
  table.changed(id)
  expect([books.standing(id), changes]).toEqual(['lost', ['n-1 left']])
})

it('a node that waits for approval is no candidate, and room appears when it is approved', () => {
  begin('PENDING')
  says(4)
  expect(placeable(books.nodes())).toEqual([])
  changes = []
  registry.apply({ kind: 'node.membership', at: 2, id, membership: 'APPROVED' })
  table.changed(id)
  expect(changes).toEqual(['n-1 freed'])
  expect(free()).toBe(4)
})

it('forgets a node that is deleted, and says that it has left', () => {
  says(4)
  changes = []
  registry.apply({ kind: 'node.deleted', at: 2, id })
  table.forget(id)
  expect(changes).toEqual(['n-1 left'])
  expect(books.nodes()).toEqual([])
  expect(books.standing(id)).toBe('lost')
  expect(books.work(id)).toMatchObject({ inUse: {} })
})
