import { AppError, toFailure } from '../../../shared/errors'
import { topics } from '../../../shared/models/job-history'
import type { RunOutput } from '../../../shared/models/execution'
import type { SpecConfig } from '../../../shared/models/job'
import type { Resources } from '../../../shared/models/resources'
import { isDiskFull } from '../../../shared/system-error'
import type { Logger } from '../../log/logger'
import { DISK_FULL_HINT } from '../disk-full'
import { type HostEnvironment, programEnvironment } from '../bidding/environment'
import { type ExecutionFailure, timeoutFailure } from '../executions/messages'
import { endsByItself, type Work } from '../executions/work'
import type { Executor, Mount, RunEnd, RunningExecution } from '../executors/executor'
import { type ExecutionOutput, openExecutionOutput } from '../executors/output-file'
import type { Publisher } from '../publishers/publisher'
import { findStorage, type StorageSource } from '../storage/storage-source'
import { makeResultFolders, type RunDisk, type RunFolders } from './run-folders'

/** What runs executions: engines, inputs, results, and what jobs may see of this node. */
export interface RunTools {
  readonly executors: readonly Executor[]
  readonly storages: readonly StorageSource[]
  readonly publishers: readonly Publisher[]
  readonly hostEnv: HostEnvironment
  readonly disk: RunDisk
  readonly log: Logger
}

interface RunOptions extends RunTools {
  readonly work: Work
  /** Its share of the node. */
  readonly resources: Resources
  readonly folders: RunFolders
  /** It ran before the node was started again: an engine whose programs outlive the node may still have it. */
  readonly again: boolean
  /** When this rejects, the program is ended and the run fails with that; it never completes before this resolves. */
  readonly approved: Promise<void>
  readonly onStep: (step: 'started' | 'publishing') => void
}

/** How a run came out. `published`: where its results are, of type `""` when there are none. */
export type RunOutcome =
  | { readonly kind: 'completed'; readonly output: RunOutput; readonly published: SpecConfig }
  | { readonly kind: 'failed'; readonly failure: ExecutionFailure }
  | { readonly kind: 'cancelled' }

/** An execution that is under way: inputs, program, results. */
export interface Run {
  /** Never rejects. Nothing of it runs any more then. */
  readonly ended: Promise<RunOutcome>
  readonly output: ExecutionOutput
  /** In every state: what is being prepared is given up, what runs is ended. */
  cancel(): void
  /** To be called once it has ended: resolves when its output is in the files. Never rejects. */
  close(): Promise<void>
}

const NO_RESULT: SpecConfig = { Type: '' }
/** What a program that is to end is given for it. */
const GRACE_MS = 1000
const MOST_TIMER_MS = 2 ** 31 - 1

/** Inputs, program, results: from the share of the node to the outcome. */
export function runExecution(options: RunOptions): Run {
  const { work, folders } = options
  const publishes = work.task.Publisher.Type !== ''
  const output = openExecutionOutput(folders.root, { apart: publishes || options.again })
  const stopped = new AbortController()
  let timedOut = false
  let unapproved: { readonly error: unknown } | undefined
  let program: RunningExecution | undefined
  const stop = (): void => {
    stopped.abort()
    program?.cancel(GRACE_MS)
  }
  options.approved.catch((error: unknown) => {
    unapproved = { error }
    stop()
  })
  const seconds = endsByItself(work) ? (work.task.Timeouts.ExecutionTimeout ?? 0) || (work.task.Timeouts.TotalTimeout ?? 0) : 0
  const timer =
    seconds > 0 && seconds * 1000 <= MOST_TIMER_MS
      ? setTimeout(() => {
          timedOut = true
          stop()
        }, seconds * 1000)
      : undefined

  const started = async (mounts: readonly Mount[], results: Awaited<ReturnType<typeof makeResultFolders>>): Promise<RunningExecution> => {
    const { executionId, jobId, task } = work
    const executor = options.executors.find(({ type }) => type === task.Engine.Type.toLowerCase())
    if (executor === undefined) throw new AppError('engine.missing', `This node does not support "${task.Engine.Type}".`)
    const adopted = options.again ? await executor.adopt?.(executionId) : undefined
    return (
      adopted ??
      executor.start({
        executionId,
        jobId,
        task,
        env: programEnvironment(work, options.hostEnv),
        resources: options.resources,
        mounts,
        results,
        stdout: output.stdout,
        stderr: output.stderr,
        workDir: folders.work,
        onProgress: (progress) => options.log.debug('An execution makes progress.', { execution: executionId, ...progress }),
      })
    )
  }

  const execute = async (): Promise<RunOutcome> => {
    let topic: ExecutionFailure['topic'] = topics.running
    try {
      if (options.again) await options.disk.clearRun(folders)
      const [mounts, results] = await Promise.all([prepareInputs(options, stopped.signal), makeResultFolders(folders, work.task)])
      if (stopped.signal.aborted) return ended()
      options.onStep('started')
      program = await started(mounts, results)
      // It may have been cancelled while it was being started.
      if (isAborted(stopped.signal)) program.cancel(GRACE_MS)
      const end = await program.ended
      const stored = output.close()
      stored.catch(() => undefined) // `close` tells.
      // What the outcome carries whole need not be in its file before it is told.
      if (!output.isInline || publishes) await stored
      await options.approved
      if (isAborted(stopped.signal)) return ended()
      const failure = failureOf(end)
      if (failure !== undefined) return { kind: 'failed', failure }
      if (end.kind !== 'exited') return { kind: 'cancelled' }
      const publisher = options.publishers.find(({ type }) => type === work.task.Publisher.Type.toLowerCase())
      let published = NO_RESULT
      if (publishes) {
        topic = topics.publishing
        if (publisher === undefined) throw new AppError('publisher.missing', `This node does not support "${work.task.Publisher.Type}".`)
        options.onStep('publishing')
        const { executionId, jobId } = work
        published = await publisher.publish({ executionId, jobId, outputFolder: folders.root, results, exitCode: end.exitCode })
        if (isAborted(stopped.signal)) return ended()
      }
      return { kind: 'completed', output: runOutput(output, end.exitCode), published }
    } catch (error) {
      return isAborted(stopped.signal) ? ended() : { kind: 'failed', failure: { topic, ...explain(error) } }
    }
  }
  const ended = (): RunOutcome => {
    if (unapproved !== undefined) return { kind: 'failed', failure: { topic: topics.running, ...explain(unapproved.error) } }
    return timedOut ? { kind: 'failed', failure: timeoutFailure(seconds) } : { kind: 'cancelled' }
  }

  const finish = async (): Promise<RunOutcome> => {
    const outcome = await execute()
    clearTimeout(timer)
    return outcome
  }
  const close = (): Promise<void> =>
    output
      .close()
      .catch((error: unknown) => options.log.warn('The output of an execution is not in its files.', { execution: work.executionId, error }))
  return { ended: finish(), output, cancel: stop, close }
}

/** Removes what only the run needed. Later than the outcome is told: nobody waits for it. */
export async function cleanRun(folders: RunFolders, { disk, log }: Pick<RunTools, 'disk' | 'log'>): Promise<void> {
  try {
    await disk.clearRun(folders)
  } catch (error) {
    log.warn('Files of an execution could not be removed; that is tried again later.', { folder: folders.root, error })
  }
}

async function prepareInputs({ work, storages, folders }: RunOptions, signal: AbortSignal): Promise<Mount[]> {
  return Promise.all(
    (work.task.InputSources ?? []).map(async (source, index) => {
      const storage = findStorage(storages, source.Source.Type)
      if (storage === undefined) throw new AppError('storage.missing-type', `This node does not support inputs of the type "${source.Source.Type}".`)
      return storage.prepare(source, folders.input(index), signal)
    }),
  )
}

function failureOf(end: RunEnd): ExecutionFailure | undefined {
  if (end.kind !== 'failed') return undefined
  const { message, hint, errorCode } = end
  return { topic: topics.running, message, ...(hint === undefined ? {} : { hint }), ...(errorCode === undefined ? {} : { code: errorCode }) }
}

function runOutput(output: ExecutionOutput, exitCode: number): RunOutput {
  const [stdout, stderr] = [output.inline('stdout'), output.inline('stderr')]
  return {
    Stdout: stdout.text,
    StdoutTruncated: stdout.truncated,
    stderr: stderr.text,
    StderrTruncated: stderr.truncated,
    ExitCode: exitCode,
    ErrorMsg: '',
  }
}

function explain(error: unknown): { readonly message: string; readonly hint?: string; readonly code?: string } {
  const { code, message, hint } = toFailure(error)
  if (error instanceof AppError) return { message, code, ...(hint === undefined ? {} : { hint }) }
  return isDiskFull(error) ? { message: `The disk of the node is full (${message}).`, code: 'node.disk-full', hint: DISK_FULL_HINT } : { message }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
