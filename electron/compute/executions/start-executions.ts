import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../../shared/config/schema'
import type { Resources } from '../../../shared/models/resources'
import { openLevelLedger } from '../../ledger/level-ledger'
import { createBidder } from '../bidding/bidder'
import { openLog } from '../logs/log-files'
import type { FoundLog } from '../logs/log-stream-server'
import type { OutgoingEntry } from '../outgoing'
import { createExecutionQueue, type NodeLoad } from '../queue/execution-queue'
import { cleanRun, runExecution } from '../runs/run-execution'
import { type FolderUse, folderName, outputFolder, runFolders, sweepFolders } from '../runs/run-folders'
import { makeRunTools, type RunToolsOptions } from '../runs/tools'
import type { DataMessage } from '../../transport/subscriber'
import { createExecutionDesk } from './execution-desk'
import { openExecutionStore } from './execution-store'
import { isEnded } from './transitions'

export interface StartExecutionsOptions extends Omit<RunToolsOptions, 'config'> {
  readonly config: Pick<Config, 'Compute' | 'Engines' | 'InputSources' | 'Publishers' | 'JobAdmissionControl'>
  /** All that jobs may use of this node. */
  readonly max: () => Resources
  readonly tell: (entry: OutgoingEntry) => void
  readonly onLoad: () => void
  /** Unix ms. */
  readonly now: () => number
}

/** The executions of a node. */
export interface Executions {
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
  findLog(executionId: string): FoundLog | Promise<FoundLog>
  /** Ends what runs, untold; the next start tells. Never rejects. */
  stop(): Promise<void>
}

const SWEEP_MS = 300_000

/** The folder of the ledger of executions. */
export function executionLedgerFolder(computeDir: string): string {
  return join(computeDir, 'executions', 'ledger')
}

/**
 * Opens what the node keeps of its executions and goes on with what it finds. Rejects with the ledger's errors (`ledger.in-use`, `ledger.broken`,
 * `ledger.full`).
 */
export async function startExecutions(options: StartExecutionsOptions): Promise<Executions> {
  const { computeDir, log, now, config } = options
  const output = outputFolder(computeDir)
  await fs.mkdir(output, { recursive: true, mode: 0o700 })
  const store = await openExecutionStore({ ledger: await openLevelLedger({ folder: executionLedgerFolder(computeDir), log }), log })
  const tools = makeRunTools(options)
  const folders = (id: string) => runFolders(output, id)
  const { JobAdmissionControl: admission } = config
  const bid = createBidder({
    ...tools,
    policy: {
      rejectNetworkedJobs: admission.RejectNetworkedJobs,
      rejectStatelessJobs: admission.RejectStatelessJobs,
      locality: admission.Locality === 'local' ? 'local' : 'anywhere',
    },
    envAllowList: config.Compute.Env.AllowList,
    probeExec: admission.ProbeExec,
    probeHttp: admission.ProbeHTTP,
    path: options.path,
    max: options.max,
  })
  const queue = createExecutionQueue({ max: options.max, start: (id, resources) => desk.start(id, resources), onChange: options.onLoad })
  const desk = createExecutionDesk({
    store,
    queue,
    bid: (work) => {
      tools.warmUp(work.task.Engine.Type)
      return bid(work)
    },
    run: (work, resources, rest) => runExecution({ ...tools, ...rest, work, resources, folders: folders(work.executionId) }),
    clean: (id) => void cleanRun(folders(id), log),
    tell: options.tell,
    now,
    log,
  })

  const sweep = async (): Promise<void> => {
    const uses = new Map<string, FolderUse>()
    for (const { id, state, endedAt } of store.executions.values()) {
      uses.set(folderName(id), isEnded(state) ? { kind: 'ended', at: endedAt ?? 0 } : { kind: 'live' })
    }
    await sweepFolders(output, (name) => uses.get(name), now())
  }
  const sweepSafely = (): void => void sweep().catch((error: unknown) => log.warn('Old output of executions could not be removed.', { error }))
  const sweeper = setInterval(sweepSafely, SWEEP_MS)
  sweeper.unref()

  await desk.recover()
  sweepSafely()
  void serveEarlierResults(computeDir).catch((error: unknown) => log.warn('Results of earlier executions cannot be handed out.', { error }))

  /** Results that were published before the node was started again are still to be had. */
  async function serveEarlierResults(folder: string): Promise<void> {
    const archives = await fs.readdir(join(folder, 'results', 'local-publisher')).catch(() => [])
    if (archives.length > 0 && tools.publishers.length > 0) await tools.localPublisher.serve()
  }

  const hasFolder = (path: string): Promise<boolean> =>
    fs.access(path).then(
      () => true,
      () => false,
    )
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
    findLog: async (executionId) => {
      const run = desk.runOf(executionId)
      if (run !== undefined) return openLog(run.output.folder, run.output)
      const known = store.executions.get(executionId)
      if (known !== undefined && !isEnded(known.state)) return 'waiting'
      const { root } = folders(executionId)
      return (await hasFolder(root)) ? openLog(root) : undefined
    },
    stop: async () => {
      clearInterval(sweeper)
      desk.stop()
      const closed = await Promise.allSettled([...tools.executors.map((executor) => executor.close()), tools.localPublisher.close()])
      for (const each of closed)
        if (each.status === 'rejected') log.warn('Something of the executions did not end in order.', { error: each.reason as unknown })
      await store.close().catch((error: unknown) => log.warn('The state of the executions could not be closed.', { error }))
    },
  }
}
