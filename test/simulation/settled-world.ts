import { amountsOf, amountsOfJob, nothing, plus } from '../../electron/orchestrator/jobs/node-capacity'
import { placeable } from '../../electron/orchestrator/jobs/candidates'
import type { JobRecord, ReadonlyJobState, StoredExecution } from '../../electron/orchestrator/jobs/job-state'
import type { Orchestrator } from '../../electron/orchestrator/orchestrator'
import { isEnded } from '../../electron/compute/executions/transitions'
import { minus, plus as addUsage } from '../../electron/compute/bidding/usage'
import { computeStates, desiredStates } from '../../shared/models/execution'
import { isDiscardedExecution, isTerminalExecution } from '../../shared/models/execution-state'
import { type Job, terminalJobStates } from '../../shared/models/job'
import type { Resources } from '../../shared/models/resources'
import { rankNodes } from '../../shared/placement/rank-nodes'
import type { DurableWatch } from './durable-watch'
import type { JobFate, SimulatedClient } from './simulated-client'
import type { SimulatedFollower } from './simulated-follower'
import type { SimulatedOperator } from './simulated-operator'
import type { SimulatedNode } from './simulated-node'
import { patientS } from './workload'

export interface SettledWorldOptions {
  readonly orchestrator: Orchestrator
  readonly nodes: readonly SimulatedNode[]
  readonly operator: SimulatedOperator
  readonly client: SimulatedClient
  readonly followers: readonly SimulatedFollower[]
  readonly watch: DurableWatch
  /** Unix milliseconds. */
  readonly now: number
  /** Everything was as fast and sound as can be; nothing was killed, cut off or full. */
  readonly calm: boolean
}

/** All that is not as it must be once everything works again and has had its time; nothing when all is well. */
export function faultsOfSettledWorld(options: SettledWorldOptions): string[] {
  const { orchestrator, nodes, operator, client, followers, watch } = options
  const { core, dispatcher } = orchestrator.jobs
  const faults: string[] = []
  const expect = (is: boolean, fault: () => string): void => {
    if (!is) faults.push(fault())
  }
  expect(client.waiting === 0, () => `a client waits for ${String(client.waiting)} answers`)
  expect(core.refusal === undefined, () => `the orchestrator still refuses changes: ${String(core.refusal?.message)}`)
  expect(dispatcher.pending === 0, () => `${String(dispatcher.pending)} messages to nodes are not acknowledged`)
  for (const fate of client.fates) faults.push(...faultsOfFate(fate, options))
  for (const record of core.state.jobs.values()) faults.push(...faultsOfJob(record, options))
  faults.push(...faultsOfEvaluations(options))
  for (const node of nodes) {
    faults.push(...(node.isUp && !operator.isOutcast(node) ? faultsOfNode(node, orchestrator) : faultsOfLostNode(node, core.state)))
  }
  for (const follower of followers) faults.push(...faultsOfFollower(follower, core.state))
  // Only once all else is well: until then it is looked at again and again.
  if (faults.length > 0) return faults
  const [inMemory, durable] = [core.state, watch.state].map(picture)
  return inMemory === durable ? [] : [`memory is not what is stored: ${difference(inMemory ?? '', durable ?? '')}`]
}

/** Everything of the state of jobs, as text. */
export function picture(state: ReadonlyJobState): string {
  const byId = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  const jobs = byId(state.jobs).map(([id, { versions, executions, history, lastSeq }]) => [
    id,
    [...versions.values()],
    [...executions.values()],
    history,
    lastSeq,
  ])
  return JSON.stringify([jobs, byId(state.evaluations), byId(state.deadLetters), [...state.open].sort()])
}

function difference(one: string, other: string): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return `…${one.slice(Math.max(0, at - 100), at + 100)}… and …${other.slice(Math.max(0, at - 100), at + 100)}…`
}

function faultsOfFate(fate: JobFate, { orchestrator, nodes, calm }: SettledWorldOptions): string[] {
  const { id, planned, stopAsked, deleteAsked, deleted } = fate
  if (id === undefined) return deleteAsked ? [] : [`${planned.name} was never accepted`]
  const record = orchestrator.jobs.core.state.job(id)
  if (deleted !== undefined && orchestrator.jobs.core.state.job(deleted) !== undefined)
    return [`${planned.name} (${deleted}) was deleted and is there`]
  if (record === undefined) return deleteAsked ? [] : [`${planned.name} (${id}) was accepted and is gone`]
  const { StateType, Message = '' } = record.latest.State
  if (StateType === 'Stopped' && !stopAsked) return [`${planned.name} (${id}) is stopped, which nobody asked for`]
  if (StateType !== 'Failed') return []
  if (Message === '') return [`${planned.name} (${id}) failed without a reason`]
  const { Type, Tasks } = record.latest
  const { QueueTimeout = 0, TotalTimeout = 0 } = Tasks[0]?.Timeouts ?? {}
  const isPatient = QueueTimeout === patientS && TotalTimeout === 0
  if (!isPatient || (Type !== 'batch' && Type !== 'service')) return []
  // Nothing ends a job that may wait for ever but nodes that have failed at it too often.
  const fitting = nodes.filter((node) => fitsAtAll(node, record.latest))
  const tired = fitting.filter(({ id: nodeId }) => discardedOn(record, nodeId) >= (calm ? 1 : 2))
  return tired.length < fitting.length || fitting.length === 0 ? [`${planned.name} (${id}) failed although it might wait: ${Message}`] : []
}

function fitsAtAll({ options: { capacity, labels } }: SimulatedNode, job: Job): boolean {
  const { CPU, Memory } = amountsOfJob(job)
  const zone = job.Constraints.find(({ Key }) => Key === 'zone')?.Values?.[0]
  return CPU <= (capacity.CPU ?? 0) && Memory <= (capacity.Memory ?? 0) && (zone === undefined || labels['zone'] === zone)
}

function discardedOn({ latest, executions }: JobRecord, nodeId: string): number {
  return [...executions.values()].filter(
    (execution) => execution.NodeID === nodeId && execution.JobVersion === latest.Version && isDiscardedExecution(execution),
  ).length
}

function faultsOfJob(record: JobRecord, { orchestrator, nodes }: SettledWorldOptions): string[] {
  const { core, books } = orchestrator.jobs
  const { latest } = record
  const title = `${latest.Name} (${latest.ID} v${String(latest.Version)}, ${latest.Type}, ${latest.State.StateType})`
  const live = [...record.executions.values()].filter((execution) => !isTerminalExecution(execution))
  if (terminalJobStates.has(latest.State.StateType)) {
    return live.length === 0 ? [] : [`${title} has ended and ${String(live.length)} of its executions have not`]
  }
  const faults: string[] = []
  for (const { ID, NodeID, DesiredState, JobVersion } of live) {
    if (JobVersion !== latest.Version) faults.push(`${title}: ${ID} of version ${String(JobVersion)} has not made way`)
    if (DesiredState.StateType === desiredStates.Pending) faults.push(`${title}: ${ID} waits for the bid of ${NodeID}`)
    if (books.standing(NodeID) !== 'connected') faults.push(`${title}: ${ID} is left on ${NodeID}, which is ${books.standing(NodeID)}`)
  }
  const isFinite = latest.Type === 'batch' || latest.Type === 'ops'
  const endless = latest.Tasks[0]?.Engine.Params?.['End'] === 'never'
  if (isFinite && !endless && live.some(({ NodeID, ID }) => isRunningOn(nodes, NodeID, ID))) faults.push(`${title} still runs`)
  const isWaiting = core.waiting.has(latest.ID)
  if (live.length === 0 && !isWaiting) faults.push(`${title} has nothing under way and does not wait`)
  if (latest.State.StateType === 'Pending' && latest.Type !== 'daemon') faults.push(`${title} is in no state that tells anything`)
  const missing = missingPartitions(record)
  if (missing.length > 0 && !isWaiting) faults.push(`${title}: nobody cares for the partitions ${missing.join(', ')}`)
  if (latest.Type === 'daemon' || (isWaiting && missing.length > 0)) {
    const taken = new Set(latest.Type === 'daemon' ? live.map(({ NodeID }) => NodeID) : [])
    const { suitable } = rankNodes({ job: latest, nodes: placeable(books.nodes()), executions: [...record.executions.values()], random: () => 0 })
    const free = suitable.filter(({ node }) => !taken.has(node.id))
    if (free.length > 0)
      faults.push(`${title} ${isWaiting ? 'waits' : 'is not everywhere'} although ${free.map(({ node }) => node.id).join(', ')} would take it`)
    if (latest.Type !== 'daemon' && latest.State.StateType === 'Queued' && (latest.State.Message ?? '') === '')
      faults.push(`${title} waits without a reason`)
  }
  return faults
}

function isRunningOn(nodes: readonly SimulatedNode[], nodeId: string, executionId: string): boolean {
  return nodes.some((node) => node.id === nodeId && node.programs.running.has(executionId))
}

function missingPartitions({ latest, executions }: JobRecord): number[] {
  if (latest.Type !== 'batch' && latest.Type !== 'service') return []
  const covered = new Set(
    [...executions.values()]
      .filter((execution) => execution.JobVersion === latest.Version && (!isTerminalExecution(execution) || isDone(execution, latest.Type)))
      .map(({ PartitionIndex = 0 }) => PartitionIndex),
  )
  return Array.from({ length: latest.Count }, (_, index) => index).filter((index) => !covered.has(index))
}

function isDone({ ComputeState }: StoredExecution, type: string): boolean {
  return type === 'batch' && ComputeState.StateType === computeStates.Completed
}

function faultsOfEvaluations({ orchestrator, now }: SettledWorldOptions): string[] {
  const { state } = orchestrator.jobs.core
  const letters = [...state.deadLetters.values()].map(({ jobId, reason }) => `the scheduler gave up on ${jobId}: ${reason}`)
  const stuck = [...state.evaluations.values()].flatMap(({ id, jobId, dueAt, tries }) => {
    if (!state.open.has(jobId)) return [`evaluation ${id} is of a job that is not open`]
    if (tries > 0) return [`evaluation ${id} has failed ${String(tries)} times`]
    return dueAt < now - 1000 ? [`evaluation ${id} was due ${String(now - dueAt)} ms ago`] : []
  })
  return [...letters, ...stuck]
}

/** What was read of a history as it grew is the history, as far as it was read. */
function faultsOfFollower({ entries, id }: SimulatedFollower, state: ReadonlyJobState): string[] {
  const record = id === undefined ? undefined : state.job(id)
  if (record === undefined) return []
  const wrong = entries.findIndex((entry, index) => entry !== JSON.stringify(record.history[index]))
  return wrong === -1 ? [] : [`the history of ${String(id)} was read as ${String(entries[wrong])} and is ${JSON.stringify(record.history[wrong])}`]
}

function faultsOfLostNode({ id }: SimulatedNode, state: ReadonlyJobState): string[] {
  return [...state.liveOn(id)].map(({ ID }) => `${ID} is left on ${id}, which is gone`)
}

function faultsOfNode(node: SimulatedNode, orchestrator: Orchestrator): string[] {
  const { id, side, store, programs } = node
  const { core, books } = orchestrator.jobs
  if (side?.connection.state.kind !== 'connected') return [`${id} is not connected but ${String(side?.connection.state.kind)}`]
  const faults: string[] = []
  const same = (what: string, one: unknown, other: unknown): void => {
    const [a, b] = [JSON.stringify(one), JSON.stringify(other)]
    if (a !== b) faults.push(`${id}: ${what}: ${a} is not ${b}`)
  }
  const open = [...(store?.executions.values() ?? [])].filter(({ state }) => !isEnded(state))
  same('executions of the node and of the orchestrator', open.map((each) => each.id).sort(), [...core.state.liveOn(id)].map(({ ID }) => ID).sort())
  same('messages that nobody has acknowledged', side.untold, 0)
  same('messages kept for nobody', store?.outgoing.length ?? 0, 0)
  const load = side.executions.current?.load
  const has = open.filter(({ id: executionId }) => programs.running.has(executionId))
  const used = has.reduce<Resources>((sum, { usage = {} }) => addUsage(sum, usage), {})
  same('capacity that is free', axes(load?.available ?? node.options.capacity), axes(minus(node.options.capacity, used)))
  same('programs that run', load?.running ?? 0, programs.running.size)
  same(
    'programs of no execution',
    [...programs.running].filter((one) => !open.some((each) => each.id === one)),
    [],
  )
  same('executions that run or wait', open.length, (load?.running ?? 0) + (load?.waiting ?? 0))
  const booked = books.nodes().find(({ info }) => info.NodeID === id)?.info.ComputeNodeInfo
  const given = [...core.state.liveOn(id)]
    .flatMap(({ JobID, JobVersion }) => core.state.job(JobID)?.versions.get(JobVersion) ?? [])
    .reduce((sum, job) => plus(sum, amountsOfJob(job)), nothing)
  const free = amountsOf(booked?.AvailableCapacity)
  const [max, queued] = [amountsOf(node.options.capacity), amountsOf(booked?.QueueCapacity)]
  same('cores by the books of the orchestrator', round(max.CPU - free.CPU + queued.CPU), round(given.CPU))
  same('memory by the books of the orchestrator', max.Memory - free.Memory + queued.Memory, given.Memory)
  return faults
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6
const axes = ({ CPU = 0, Memory = 0 }: Resources): readonly number[] => [round(CPU), Memory]
