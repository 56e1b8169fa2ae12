import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createLogger } from '../../../../electron/log/logger'
import { Dispatcher, dispatchesOf } from '../../../../electron/orchestrator/dispatch/dispatcher'
import { MessageIndex } from '../../../../electron/orchestrator/dispatch/message-index'
import { created } from '../../../../electron/orchestrator/jobs/job-changes'
import { JobState } from '../../../../electron/orchestrator/jobs/job-state'
import type { Change, ExecutionPatch } from '../../../../electron/orchestrator/scheduling/plan'
import { decodeEnvelope } from '../../../../electron/transport/ncl/envelope'
import type { NatsLink } from '../../../../electron/transport/link'
import { computeStates, desiredStates } from '../../../../shared/models/execution'
import { subjects } from '../../../../shared/wire/subjects'
import { eventually } from '../../../fixtures/eventually'
import { openLinkPair } from '../../../fixtures/orchestrator/link-pair'
import type { LinkPair } from '../../../fixtures/orchestrator/link-pair'
import { keptJob } from '../../../fixtures/orchestrator/kept-jobs'
import { storedExecution } from '../../../fixtures/orchestrator/stored-execution'

const log = createLogger({ sinks: [], level: 'debug', secrets: () => [] })
const node = 'n-played'
let links: LinkPair
let ours: NatsLink
let theirs: NatsLink
beforeAll(async () => {
  links = await openLinkPair(node)
  ;({ orchestrator: ours, node: theirs } = links)
})
afterAll(() => links.close())

/** What has been stored, and what a life of the orchestrator knows of it. */
let records: (readonly Change[])[]
let state: JobState
let dispatcher: Dispatcher
let came: { readonly type: string; readonly execution: string; readonly sequence: number }[]
let acknowledges: boolean
let listening: { unsubscribe(): void }

function begin(): void {
  state = new JobState()
  const index = new MessageIndex()
  for (const [at, changes] of records.entries()) for (const dispatch of dispatchesOf(state.apply(changes), at + 1)) index.note(dispatch)
  dispatcher = new Dispatcher({ link: ours, log, state: () => state, index, ackTimeoutMs: 60_000 })
}
beforeEach(async () => {
  records = []
  came = []
  acknowledges = true
  begin()
  listening = theirs.subscribe(subjects(node).toCompute, (message) => {
    const { type, payload, metadata } = decodeEnvelope(message.data)
    const { Execution, ExecutionID } = payload as { readonly Execution?: { readonly ID: string }; readonly ExecutionID?: string }
    came.push({ type, execution: Execution?.ID ?? ExecutionID ?? '', sequence: Number(metadata['Bacalhau-SeqNum']) })
    if (acknowledges && message.reply !== undefined) theirs.publish(message.reply, Buffer.from('{}'))
  })
  await theirs.flush()
})
afterEach(async () => {
  dispatcher.stop()
  listening.unsubscribe()
  await theirs.flush()
})

/** Becomes durable, as the core tells it. */
function store(...changes: Change[]): void {
  records.push(changes)
  dispatcher.deliver(state.apply(changes), records.length)
}
function ask(n: number): string {
  const job = keptJob(n)
  const ID = `e-${String(n)}`
  const execution = storedExecution(ID, job, node)
  store(...created(job, n), { put: 'execution', execution })
  return ID
}
const patch = (id: string, fields: ExecutionPatch): void => store({ patch: 'execution', id, fields })
const accept = (id: string): void =>
  patch(id, { DesiredState: { StateType: desiredStates.Running }, ComputeState: { StateType: computeStates.BidAccepted } })
const cancel = (id: string): void =>
  patch(id, { DesiredState: { StateType: desiredStates.Stopped }, ComputeState: { StateType: computeStates.Cancelled } })
const complete = (id: string): void =>
  patch(id, { DesiredState: { StateType: desiredStates.Stopped }, ComputeState: { StateType: computeStates.Completed } })
const told = (): string[] => came.map(({ type, execution }) => `${type} ${execution}`)
const quiet = async (): Promise<void> => {
  await eventually('all is acknowledged', () => dispatcher.pending === 0)
}

it('a node that is away misses nothing: at its handshake it is told what lies beyond its position, in order, with the same numbers', async () => {
  const [first, second, third] = [ask(1), ask(2), ask(3)]
  accept(first)
  expect(came).toEqual([])
  dispatcher.connected(node, 0)
  await eventually('it has heard of all', () => came.length === 4)
  expect(told()).toEqual([`AskForBid ${first}`, `AskForBid ${second}`, `AskForBid ${third}`, `BidAccepted ${first}`])
  const numbers = came.map(({ sequence }) => sequence)
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  await quiet()

  // It comes back having taken two of them.
  came = []
  dispatcher.connected(node, numbers[1] ?? 0)
  await eventually('it has heard the rest again', () => came.length === 2)
  expect(came.map(({ sequence }) => sequence)).toEqual(numbers.slice(2))
  await quiet()
  came = []
  dispatcher.connected(node, numbers[3] ?? 0)
  accept(second)
  await eventually('it hears what is new', () => came.length > 0)
  expect(told()).toEqual([`BidAccepted ${second}`])
})

it('another life of the orchestrator sends the same again, from what is stored alone', async () => {
  const [first, second] = [ask(1), ask(2)]
  accept(first)
  dispatcher.connected(node, 0)
  await eventually('it has heard of all', () => came.length === 3)
  const before = came
  dispatcher.stop()
  came = []
  begin()
  dispatcher.connected(node, 0)
  await eventually('it has heard of all again', () => came.length === 3)
  expect(came).toEqual(before)
  expect(state.execution(second)?.ID).toBe(second)
})

it('of what has ended meanwhile only the end is told, and nothing of what the node ended itself', async () => {
  const [stopped, done, live] = [ask(1), ask(2), ask(3)]
  accept(stopped)
  accept(done)
  cancel(stopped)
  complete(done)
  dispatcher.connected(node, 0)
  await eventually('it has heard of both', () => came.length === 2)
  await quiet()
  expect(told().sort()).toEqual([`AskForBid ${live}`, `CancelExecution ${stopped}`].sort())
})

it('what was not acknowledged when the node vanished is told again on its next connection', async () => {
  acknowledges = false
  dispatcher.connected(node, 0)
  const first = ask(1)
  await eventually('it has heard', () => came.length === 1)
  expect(dispatcher.pending).toBe(1)
  dispatcher.disconnected(node)
  expect(dispatcher.pending).toBe(0)
  acknowledges = true
  dispatcher.connected(node, 0)
  await eventually('it has heard again', () => came.length === 2)
  await quiet()
  expect(told()).toEqual([`AskForBid ${first}`, `AskForBid ${first}`])
  expect(came[0]?.sequence).toBe(came[1]?.sequence)
})

it('a node hears of a cancellation also when its job is deleted before the message goes out', async () => {
  const stopped = ask(1)
  accept(stopped)
  dispatcher.connected(node, 0)
  await eventually('it has heard of both', () => came.length === 2)
  await quiet()
  came = []
  const ended: Change = {
    patch: 'execution',
    id: stopped,
    fields: { DesiredState: { StateType: desiredStates.Stopped }, ComputeState: { StateType: computeStates.Cancelled } },
  }
  records.push([ended])
  const transitions = state.apply([ended])
  // In memory at once; on the disk, and so told, one after the other.
  state.apply([{ drop: 'job', id: keptJob(1).ID }])
  expect(state.execution(stopped)).toBeUndefined()
  dispatcher.deliver(transitions, records.length)
  await eventually('it hears of the end', () => came.length === 1)
  expect(told()).toEqual([`CancelExecution ${stopped}`])
})
