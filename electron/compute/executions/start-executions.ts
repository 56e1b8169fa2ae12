import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../../shared/config/schema'
import type { Resources } from '../../../shared/models/resources'
import { isMissing } from '../../../shared/system-error'
import { openLevelLedger } from '../../ledger/level-ledger'
import { wholeOutputFile } from '../executors/output-store'
import { openLog } from '../logs/log-files'
import type { FoundLog } from '../logs/log-stream-server'
import type { OutgoingEntry } from '../connection/outgoing'
import { type FolderUse, folderName, LOGS_KEPT_MS, outputFolder, runFolders, sweepFolders } from '../runs/run-folders'
import { makeRunTools, type RunToolsOptions } from '../runs/tools'
import { openExecutionStore } from './execution-store'
import { isEnded } from './transitions'
import { type WiredExecutions, wireExecutions } from './wire-executions'

/** `tell` is given what is durable, in the order of its numbers; `onLoad` is called when the capacity in use has changed. */
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
export interface Executions extends Omit<WiredExecutions, 'runOf' | 'recover' | 'stop'> {
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
  const { computeDir, log, now } = options
  const output = outputFolder(computeDir)
  await fs.mkdir(output, { recursive: true, mode: 0o700 })
  const store = await openExecutionStore({ ledger: await openLevelLedger({ folder: executionLedgerFolder(computeDir), log }), log })
  const tools = makeRunTools(options)
  const folders = (id: string) => runFolders(output, id)
  const executions = wireExecutions({ ...options, ...tools, store, folders })

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

  await executions.recover()
  sweepSafely()
  void serveEarlierResults(computeDir).catch((error: unknown) => log.warn('Results of earlier executions cannot be handed out.', { error }))

  /** Results that were published before the node was started again are still to be had. */
  async function serveEarlierResults(folder: string): Promise<void> {
    const archives = await fs.readdir(join(folder, 'results', 'local-publisher')).catch((error: unknown) => {
      if (isMissing(error)) return [] // Nothing was ever published.
      throw error
    })
    if (archives.length > 0 && tools.publishers.length > 0) await tools.localPublisher.serve()
  }

  const isThere = (path: string): Promise<boolean> =>
    fs.access(path).then(
      () => true,
      () => false,
    )
  return {
    take: (message) => executions.take(message),
    acknowledged: (sequence) => executions.acknowledged(sequence),
    get position() {
      return executions.position
    },
    set position(value) {
      executions.position = value
    },
    get held() {
      return executions.held
    },
    cancel: (executionId) => executions.cancel(executionId),
    get load() {
      return executions.load
    },
    capacityChanged: () => executions.capacityChanged(),
    findLog: async (executionId) => {
      const run = executions.runOf(executionId)
      if (run !== undefined) return openLog(run.output.folder, run.output)
      const known = store.executions.get(executionId)
      if (known !== undefined && !isEnded(known.state)) return 'waiting'
      const { root } = folders(executionId)
      // A silent program has left nothing, which is what it said.
      const isKept = now() - (known?.endedAt ?? 0) < LOGS_KEPT_MS
      return isKept || (await isThere(root)) || (await isThere(wholeOutputFile(root))) ? openLog(root) : undefined
    },
    stop: async () => {
      clearInterval(sweeper)
      executions.stop()
      const closed = await Promise.allSettled([...tools.executors.map((executor) => executor.close()), tools.localPublisher.close()])
      for (const each of closed)
        if (each.status === 'rejected') log.warn('Something of the executions did not end in order.', { error: each.reason as unknown })
      await store.close().catch((error: unknown) => log.warn('The state of the executions could not be closed.', { error }))
    },
  }
}
