import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createLogger } from '../../../electron/log/logger'
import { dispatchesOf } from '../../../electron/orchestrator/dispatch/dispatcher'
import { MessageIndex } from '../../../electron/orchestrator/dispatch/message-index'
import { createJobSide } from '../../../electron/orchestrator/job-side'
import type { JobSide } from '../../../electron/orchestrator/job-side'
import { created } from '../../../electron/orchestrator/jobs/job-changes'
import { randomIds } from '../../../electron/orchestrator/jobs/job-ids'
import type { JobsEntry } from '../../../electron/orchestrator/jobs/job-record'
import { JobState } from '../../../electron/orchestrator/jobs/job-state'
import { NodeTable } from '../../../electron/orchestrator/nodes/node-table'
import { awayReasons, cutOff, leave } from '../../../electron/orchestrator/presence/presence'
import type { Presence } from '../../../electron/orchestrator/presence/presence'
import { Registry } from '../../../electron/orchestrator/nodes/registry'
import { SocketTable } from '../../../electron/orchestrator/presence/socket-table'
import type { StoredJobs } from '../../../electron/orchestrator/stored-records'
import { decodeEnvelope } from '../../../electron/transport/ncl/envelope'
import { AppError } from '../../../shared/errors'
import { computeStates, desiredStates } from '../../../shared/models/execution'
import { subjects } from '../../../shared/wire/subjects'
import { eventually } from '../../fixtures/eventually'
import { keptJob } from '../../fixtures/orchestrator/kept-jobs'
import { openLinkPair } from '../../fixtures/orchestrator/link-pair'
import type { LinkPair } from '../../fixtures/orchestrator/link-pair'
import { nodeInfo } from '../../fixtures/orchestrator/played-node'
import { storedExecution } from '../../fixtures/orchestrator/stored-execution'

const node = 'n-1'
const job = keptJob(1)
const execution = storedExecution('e-1', job, node)
let links: LinkPair
beforeAll(async () => {
  links = await openLinkPair(node)
})
afterAll(() => links.close())

let records: JobsEntry[]
/** Stores a record later than usual, or not at all. */
let store: (record: JobsEntry) => Promise<void>
let table: NodeTable
let side: JobSide
let heard: string[]
let listening: { unsubscribe(): void }

/** What a start would read. */
function stored(): StoredJobs {
  const [state, messages] = [new JobState(), new MessageIndex()]
  const read = JSON.parse(JSON.stringify(records)) as JobsEntry[]
  for (const [at, { changes }] of read.entries()) for (const dispatch of dispatchesOf(state.apply(changes), at + 1)) messages.note(dispatch)
  return { state, messages }
}

beforeEach(async () => {
  records = []
  heard = []
  store = () => Promise.resolve()
  const registry = new Registry()
  registry.apply({ kind: 'node.registered', at: 1, info: nodeInfo(node), membership: 'APPROVED' })
  const own = nodeInfo('n-orchestrator', { NodeType: 'Requester' })
  const sockets = new SocketTable()
  table = new NodeTable({ registry, sockets, own, startedAt: 1, disconnectTimeoutMs: () => 60_000 })
  side = createJobSide({
    link: links.orchestrator,
    table,
    sockets,
    clock: { now: Date.now, monotonic: () => performance.now() },
    log: createLogger({ sinks: [], level: 'debug', secrets: () => [] }),
    stored: stored(),
    append: async (record) => {
      await store(record)
      return records.push(record)
    },
    reload: () => Promise.resolve(stored()),
    limits: () => ({ perLook: 100, perLookDelayMs: 1000, queueBackoffMs: 60_000, timeoutGraceMs: 60_000 }),
    mostTries: () => 3,
    disconnectTimeoutMs: () => 60_000,
    ids: randomIds,
    random: () => 0,
  })
  // It hears, and acknowledges nothing.
  listening = links.node.subscribe(subjects(node).toCompute, ({ data }) => heard.push(decodeEnvelope(data).type))
  await links.node.flush()
  shakesHands()
})
afterEach(() => {
  listening.unsubscribe()
  side.stop()
})

const present = (change: (presence: Presence) => Presence): void => table.update(node, (live) => ({ ...live, presence: change(live.presence) }))
function shakesHands(): void {
  const session = { connectedSince: 1, lastHeartbeatAt: 1, beatAt: 1, handshakeAt: 1, running: 0, enqueued: 0 }
  const { MaxCapacity } = nodeInfo(node).ComputeNodeInfo
  present(() => ({ kind: 'connected', session: { ...session, available: MaxCapacity ?? {}, queued: {} } }))
  side.connected(node, 0)
}
const place = (): Promise<void> => side.core.change([...created(job, 1), { put: 'execution', execution }])
const cancel = (): Promise<void> =>
  side.core.change([
    {
      patch: 'execution',
      id: execution.ID,
      fields: { DesiredState: { StateType: desiredStates.Stopped }, ComputeState: { StateType: computeStates.Cancelled } },
    },
  ])

it('what a node was not told because of a change that was never stored, it is told once the stored state has been read again', async () => {
  let storeFirst: () => void = () => undefined
  store = () => new Promise((resolve) => (storeFirst = resolve))
  const placed = place()
  store = () => Promise.reject(new AppError('ledger.full', 'The disk is full.'))
  const cancelled = expect(cancel()).rejects.toMatchObject({ code: 'ServiceUnavailable' })
  storeFirst()
  await Promise.all([placed, cancelled])
  // To memory it is cancelled before the node could be asked: nothing is worth telling.
  await eventually('nothing waits to be told', () => side.dispatcher.pending === 0)
  expect(heard).toEqual([])
  expect(side.core.refusal).toMatchObject({ code: 'ledger.full' })

  store = () => Promise.resolve()
  await eventually('the node is asked', () => heard.includes('AskForBid'))
  expect(heard).toEqual(['AskForBid'])
  expect(side.core.state.execution(execution.ID)?.DesiredState.StateType).toBe(desiredStates.Pending)
})

it('messages wait for a node that is cut off, also when its work is given up, and no longer for one that is away', async () => {
  await eventually('the node is listened to', async () => {
    if (records.length === 0) await place()
    return side.dispatcher.pending === 1 && heard.length === 1
  })
  present((presence) => cutOff(presence, 2, 'Client Closed'))
  await eventually('its work is given up', () => side.books.standing(node) === 'lost')
  await eventually('that is stored, and told it as far as it can be', () => heard.length === 2)
  expect(side.dispatcher.pending).toBe(2)
  present((presence) => leave(presence, 3, awayReasons.silence))
  expect(side.dispatcher.pending).toBe(0)
  // It hears of the end again when it shakes hands, and only of that.
  shakesHands()
  await eventually('the node is told again', () => heard.length === 3)
  expect(heard).toEqual(['AskForBid', 'CancelExecution', 'CancelExecution'])
})
