import type { EvaluationTrigger } from '../../shared/models/evaluation'
import type { Job } from '../../shared/models/job'
import type { NodeWork } from '../../shared/models/node-row'
import type { Logger } from '../log/logger'
import type { NatsLink } from '../transport/link'
import type { Holdings } from './dispatch/compare-holdings'
import { Dispatcher } from './dispatch/dispatcher'
import { reconcileHoldings } from './dispatch/reconcile-holdings'
import { takeResult } from './dispatch/take-result'
import type { TakeMessage } from './dispatch/data-plane'
import { hasEnded, JobCore } from './jobs/job-core'
import type { Look } from './jobs/job-core'
import type { JobIds } from './jobs/job-ids'
import type { JobsEntry } from './jobs/job-record'
import type { ReadonlyJobState, Transition } from './jobs/job-state'
import { schedulingNodes } from './jobs/candidates'
import { amountsOfJob, resourcesOf } from './jobs/node-capacity'
import { NodeBooks } from './jobs/node-books'
import { submittedAt } from './jobs/submitted-at'
import { wakeWaiting } from './jobs/wake-waiting'
import type { NodeTable } from './nodes/node-table'
import type { Clock } from './ports'
import { schedule } from './scheduling/schedule'
import type { SchedulerLimits } from './scheduling/plan'
import type { SocketTable } from './presence/socket-table'
import type { StoredJobs } from './stored-records'
import { createStreamConsumer } from './logs/stream-consumer'
import type { StreamConsumer } from './logs/stream-consumer'

/** What the orchestrator's side of jobs is made with. */
interface JobSideOptions {
  readonly link: NatsLink
  readonly table: NodeTable
  readonly sockets: SocketTable
  readonly clock: Clock
  readonly log: Logger
  /** As it was read at the start, with the messages it had caused. */
  readonly stored: StoredJobs
  readonly append: (record: JobsEntry) => Promise<number>
  readonly reload: () => Promise<StoredJobs>
  readonly limits: () => SchedulerLimits
  /** How often a look that fails is tried. */
  readonly mostTries: () => number
  readonly disconnectTimeoutMs: () => number
  readonly ids: JobIds
  /** In [0, 1). */
  readonly random: () => number
}

/** The orchestrator's side of jobs: decides, tells nodes, takes what they tell. */
export interface JobSide {
  readonly core: JobCore
  readonly dispatcher: Dispatcher
  readonly books: NodeBooks
  readonly logs: StreamConsumer
  /** Takes a node's message of its work; resolves when what it changed is durable. */
  readonly take: TakeMessage
  /** What this orchestrator has given a node to do. */
  work(nodeId: string): NodeWork
  /** A node has shaken hands and stands at this position. */
  connected(nodeId: string, position: number): void
  /** A node says what it has: gives up what it has lost; tells what it should end. Undefined when that cannot be said now. */
  reconcile(holdings: Holdings): Promise<readonly string[] | undefined>
  /** Looks at every job that has not ended, once the nodes have had their chance to come back; evaluations run from then on. */
  start(): void
  stop(): void
}

/** A node whose socket is gone may come back within this time. */
const socketGraceMs = 300
/** After a start: a node without any connection has so long for one (clients try every 2 s). */
const restartGraceMs = 10_000
/** After a start: no longer than this do jobs wait for nodes to shake hands. */
const firstLookMs = 2000

/** Takes what nodes and clients tell at once; what waits for its time is looked at from `start` on. */
export function createJobSide(options: JobSideOptions): JobSide {
  const { link, table, sockets, clock, log, stored, append, reload, limits, mostTries, disconnectTimeoutMs, ids, random } = options
  let started = false

  const look = (job: Job, state: ReadonlyJobState, trigger: EvaluationTrigger, now: number): Look => {
    const record = state.job(job.ID)
    const plan = schedule({
      job,
      submittedAt: record === undefined ? now : submittedAt(record),
      executions: [...(record?.executions.values() ?? [])],
      nodes: () => schedulingNodes(books.nodes()),
      standing: (nodeId) => books.standing(nodeId),
      takes: ({ JobVersion }) => {
        const version = record?.versions.get(JobVersion)
        return version === undefined ? {} : resourcesOf(amountsOfJob(version))
      },
      trigger,
      now,
      ids,
      random,
      limits: limits(),
    })
    return { changes: plan.changes, evaluate: plan.evaluate, waiting: plan.waiting !== undefined }
  }

  const nodesOf = (transitions: readonly Transition[]): Set<string> => new Set(transitions.map(({ current }) => current.NodeID))
  let { messages } = stored
  const core: JobCore = new JobCore(stored.state, {
    append,
    reload: async () => {
      const again = await reload()
      messages = again.messages
      return again.state
    },
    onReloaded: () => {
      books.forgetReservations()
      dispatcher.reset(messages, (nodeId) => table.live(nodeId).orchestratorSequence)
    },
    clock,
    look,
    mostTries,
    onChanged: (transitions) => books.executionsChanged(transitions),
    onApplied: (transitions) => {
      for (const id of nodesOf(transitions)) table.changed(id)
      if (transitions.some(hasEnded)) waker.wake()
    },
    onDurable: (transitions, sequence) => dispatcher.deliver(transitions, sequence),
    log,
  })

  const dispatcher = new Dispatcher({ link, log, state: () => core.state, index: stored.messages })
  const logs = createStreamConsumer(link, log)
  const waker = wakeWaiting(core)

  const lookAt = (ids: Iterable<string>, trigger: EvaluationTrigger): void => {
    for (const id of new Set(ids)) core.look(id, trigger)
  }
  const jobsOn = (nodeId: string): string[] => [...core.state.liveOn(nodeId)].map(({ JobID }) => JobID)
  const daemons = (): string[] => [...core.state.open].filter((id) => core.state.job(id)?.latest.Type === 'daemon')

  const books: NodeBooks = new NodeBooks({
    table,
    sockets,
    clock,
    state: () => core.state,
    times: { socketGraceMs, restartGraceMs, handshakeGraceMs: disconnectTimeoutMs() },
    onChange: (nodeId, change) => {
      if (change === 'left') logs.nodeLost(nodeId)
      if (change === 'joined') dispatcher.rejoined(nodeId)
      if (!started) return
      if (change === 'left') return lookAt(jobsOn(nodeId), 'node-leave')
      if (change === 'joined') lookAt([...daemons(), ...jobsOn(nodeId)], 'node-join')
      else if (table.state(nodeId)?.Membership === 'APPROVED') lookAt(daemons(), 'node-join')
      waker.wake()
    },
  })

  // Long after its work was given up, perhaps: until then it may come back without a handshake.
  const unlisten = table.onChange((nodeId) => {
    if (!table.isKnown(nodeId) || table.live(nodeId).presence.kind === 'away') dispatcher.disconnected(nodeId)
  })

  let first: NodeJS.Timeout | undefined
  const begin = (): void => {
    clearTimeout(first)
    if (started) return
    started = true
    core.start()
    lookAt([...core.state.open], 'restart')
  }
  /** Nodes with work of ours that have not come back yet. */
  const awaited = (): boolean => books.nodes().some(({ info, standing }) => standing === 'grace' && jobsOn(info.NodeID).length > 0)

  return {
    core,
    dispatcher,
    books,
    logs,
    work: (nodeId) => books.work(nodeId),
    take: takeResult({ core, clock, log }),
    connected: (nodeId, position) => {
      // After the answer to the handshake, which goes out when this turn ends.
      setImmediate(() => {
        dispatcher.connected(nodeId, position)
        if (!started && !awaited()) begin()
      })
    },
    reconcile: (holdings) => reconcileHoldings({ core, messages: dispatcher.messages, table, clock, log }, holdings),
    start: () => {
      if (core.state.open.size === 0 || !awaited()) return begin()
      first = setTimeout(begin, firstLookMs)
      first.unref()
    },
    stop: () => {
      clearTimeout(first)
      unlisten()
      waker.stop()
      core.stop()
      books.stop()
      dispatcher.stop()
      logs.stop()
    },
  }
}
