import type { Config } from '../../../shared/config/schema'
import type { Resources } from '../../../shared/models/resources'
import type { DataMessage } from '../../transport/ncl/subscriber'
import { createBidder } from '../bidding/bidder'
import type { OutgoingEntry } from '../connection/outgoing'
import { createExecutionQueue, type NodeLoad } from '../queue/execution-queue'
import { cleanRun, type Run, runExecution, type RunTools } from '../runs/run-execution'
import type { RunFolders } from '../runs/run-folders'
import { createExecutionDesk } from './execution-desk'
import type { ExecutionStore } from './execution-store'
import { isEnded } from './transitions'

/** What executions are kept, bid for and run with. */
interface WireExecutionsOptions extends RunTools {
  readonly store: ExecutionStore
  readonly config: Pick<Config, 'Compute' | 'JobAdmissionControl'>
  readonly folders: (executionId: string) => RunFolders
  readonly path: string | undefined
  /** An execution of this engine may come soon. */
  readonly warmUp: (engine: string) => void
  /** All that jobs may use of this node. */
  readonly max: () => Resources
  readonly tell: (entry: OutgoingEntry) => void
  readonly onLoad: () => void
  /** Unix ms. */
  readonly now: () => number
}

/** What a node does with executions, whatever keeps them and runs them. */
export interface WiredExecutions {
  /** Resolves when the message may be acknowledged; never rejects. Calls keep their order. */
  take(message: DataMessage): Promise<void>
  /** The orchestrator has acknowledged what was told. */
  acknowledged(sequence: number): void
  /** The orchestrator's last message that was dealt with. */
  position: number
  /** Ids of those that have not ended, or whose end the orchestrator has not acknowledged. */
  readonly held: readonly string[]
  /** As the orchestrator's `CancelExecution`. */
  cancel(executionId: string): Promise<void>
  readonly load: NodeLoad
  capacityChanged(): void
  runOf(executionId: string): Run | undefined
  /** Goes on with what an earlier run of the node has left. Resolves when that is durable. */
  recover(): Promise<void>
  /** Takes no more outcomes. */
  stop(): void
}

/** Connects bids, queue, runs and the desk that decides; begins with `recover`. */
export function wireExecutions(options: WireExecutionsOptions): WiredExecutions {
  const { store, config, folders, log } = options
  const { JobAdmissionControl: admission } = config
  const bid = createBidder({
    ...options,
    policy: {
      rejectNetworkedJobs: admission.RejectNetworkedJobs,
      rejectStatelessJobs: admission.RejectStatelessJobs,
      locality: admission.Locality === 'local' ? 'local' : 'anywhere',
    },
    envAllowList: config.Compute.Env.AllowList,
    probeExec: admission.ProbeExec,
    probeHttp: admission.ProbeHTTP,
  })
  let stopped = false
  const queue = createExecutionQueue({ max: options.max, start: (id, resources) => desk.start(id, resources), onChange: options.onLoad })
  const desk = createExecutionDesk({
    store,
    queue,
    bid: async (work) => {
      const made = await bid(work)
      // Starting a process holds this one up for some milliseconds: when the bid is on its way to the disk.
      if (made.kind === 'wanted') setImmediate(() => stopped || options.warmUp(work.task.Engine.Type))
      return made
    },
    run: (work, resources, rest) => runExecution({ ...options, ...rest, work, resources, folders: folders(work.executionId) }),
    clean: (id) => void cleanRun(folders(id), options),
    tell: options.tell,
    now: options.now,
    log,
  })
  return {
    take: (message) => desk.take(message),
    acknowledged: (sequence) => store.hold({ acked: sequence }),
    get position() {
      return store.position
    },
    set position(value) {
      if (value !== store.position) store.hold({ position: value })
    },
    get held() {
      const live = [...store.executions.values()].filter(({ state }) => !isEnded(state)).map(({ id }) => id)
      return [...new Set([...live, ...store.outgoing.flatMap(({ outgoing }) => outgoing.payload.ExecutionID ?? [])])]
    },
    cancel: (executionId) => desk.cancel(executionId),
    get load() {
      return queue.load
    },
    capacityChanged: () => queue.capacityChanged(),
    runOf: (id) => desk.runOf(id),
    recover: () => desk.recover(),
    stop: () => {
      stopped = true
      desk.stop()
    },
  }
}
