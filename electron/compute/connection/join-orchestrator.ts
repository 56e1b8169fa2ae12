import type { Resources } from '../../../shared/models/resources'
import { goTime } from '../../../shared/wire/times'
import type { NatsLink } from '../../transport/link'
import { compact } from '../machine/allocation'
import { type ConnectionOptions, createConnection, type OrchestratorConnection } from './connection'
import type { ExecutionsLoader } from '../executions-loader'
import { createTalk } from './orchestrator-talk'
import type { OutgoingEntry } from './outgoing'
import { createPosition } from './position'
import { createResults } from './result-outbox'
import { createMessageTaker } from './take-messages'

/** What a node joins an orchestrator with; what the connection alone needs is handed on to it. */
interface JoinOrchestratorOptions extends Pick<
  ConnectionOptions,
  'dial' | 'configured' | 'info' | 'onConnected' | 'heartbeatIntervalMs' | 'infoIntervalMs' | 'clock' | 'random' | 'log'
> {
  readonly nodeId: string
  /** When this process began, Unix ms. */
  readonly startedAt: number
  /** All that jobs may use of this node. */
  readonly capacity: () => Resources
  /** Made once; told where its executions tell what comes of them. */
  readonly executions: (told: {
    readonly tell: (entry: OutgoingEntry) => void
    readonly onLoad: () => void
    readonly onLoaded: () => void
  }) => ExecutionsLoader
  /** What else this node hands out on a link. */
  readonly serve: (link: NatsLink) => { stop(): void }
}

/** A node's side of an orchestrator: the connection, what comes over it for the executions, and what they have to tell. */
export interface OrchestratorSide {
  readonly connection: OrchestratorConnection
  readonly executions: ExecutionsLoader
  /** What the orchestrator has not acknowledged. */
  readonly untold: number
  /** Never rejects. */
  stop(): Promise<void>
}

/** Makes all of it; `connection.start()` begins. */
export function joinOrchestrator(options: JoinOrchestratorOptions): OrchestratorSide {
  const { nodeId, clock, log } = options
  const position = createPosition()
  const results = createResults(nodeId, log, (sequence) => {
    if (executions.current !== undefined) return executions.current.acknowledged(sequence)
    // What an earlier run has left may be told and acknowledged while all of it is still being read.
    if (executions.loading)
      executions.get().then(
        (read) => read.acknowledged(sequence),
        () => undefined,
      ) // Logged by whoever wanted them.
  })
  const executions = options.executions({
    tell: (entry) => results.send(entry),
    onLoad: () => connection.loadChanged(),
    onLoaded: () => connection.holdingsChanged(),
  })
  const takeMessages = createMessageTaker({
    nodeId,
    position,
    executions,
    answer: (outgoing) => results.send({ sequence: clock.now(), outgoing }),
    now: () => clock.now(),
    log,
  })
  const connection = createConnection({
    ...options,
    talk: createTalk(nodeId, goTime(options.startedAt)),
    load: () => {
      const load = executions.current?.load
      return { available: load?.available ?? compact(options.capacity()), queued: load?.queued ?? {} }
    },
    holdings: () => executions.holdings,
    onUnwanted: (ids) => void executions.cancel(ids),
    position,
    listen: (link) => {
      const messages = takeMessages(link)
      const served = options.serve(link)
      return {
        stop: () => {
          messages.stop()
          served.stop()
        },
      }
    },
    onConnected: (link) => {
      results.connected(link)
      options.onConnected(link)
    },
  })
  return {
    connection,
    executions,
    get untold() {
      return results.pending
    },
    stop: async () => {
      results.stop()
      await Promise.all([connection.stop(), executions.stop()])
    },
  }
}
