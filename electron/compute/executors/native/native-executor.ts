import { stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError, toFailure } from '../../../../shared/errors'
import { spawnGroup, type ProcessGroup } from '../../../process/process-group'
import type { ExecutionContext, Executor, RunEnd, RunningExecution } from '../executor'
import type { OutputSink } from '../output-file'
import { findPrlimit, withLimits } from './limits'
import { findProgram } from './find-program'
import { makeTaskFolder } from './task-folder'
import { readNativeParams } from './task-params'

interface NativeExecutorOptions {
  /** `Engines.Types.Native.Enabled`: programs run with all rights of the node's user. */
  readonly enabled: boolean
  /** Where programs are looked for. */
  readonly path: string
}

/** After the program has ended, its children may hold its output open this long before they are taken down. */
const OUTPUT_GRACE_MS = 250
/** The engine `native`: plain programs of this machine, each in a process group of its own. */
export function createNativeExecutor({ enabled, path }: NativeExecutorOptions): Executor {
  const running = new Set<RunningExecution>()
  const off = 'this node does not run plain programs (Engines.Types.Native.Enabled is false)'
  return {
    type: 'native',
    available: () => Promise.resolve(enabled ? { ok: true } : { ok: false, reason: off }),
    check: (task) => {
      const params = readNativeParams(task)
      return Promise.resolve(enabled ? (typeof params === 'string' ? params : undefined) : off)
    },
    start: async (context) => {
      if (!enabled) throw new AppError('native.off', `The program cannot be run: ${off}.`)
      const execution = await start(context, path)
      running.add(execution)
      void execution.ended.then(() => running.delete(execution))
      return execution
    },
    close: async () => {
      for (const execution of running) execution.cancel(0)
      await Promise.all([...running].map(({ ended }) => ended))
    },
  }
}

async function start(context: ExecutionContext, path: string): Promise<RunningExecution> {
  const params = readNativeParams(context.task)
  if (typeof params === 'string') throw new AppError('native.params', params)
  const root = await makeTaskFolder(context.workDir, context.mounts, context.results)
  const cwd = resolve(root, `.${sep}${params.workingDirectory}`)
  if (cwd !== root && !cwd.startsWith(root + sep))
    throw new AppError('native.params', `WorkingDirectory ${params.workingDirectory} leads out of the task's folder.`)
  if (!(await isFolder(cwd))) {
    throw new AppError('native.no-folder', `There is no folder ${params.workingDirectory} for the program to start in.`, {
      hint: 'WorkingDirectory is a folder of the task: the target of an input or of a result, or one within it.',
    })
  }
  const [name, ...parameters] = params.command
  const program = await findProgram(name, path, cwd)
  const [file, ...args] = withLimits([program, ...parameters], context.resources, findPrlimit())
  const group = spawnGroup({
    file,
    args,
    cwd,
    env: { PATH: path, HOME: root, TMPDIR: root, ...context.env, SHOAL_TASK_DIR: root },
    mark: 'SHOAL_TASK_DIR',
  })
  context.onProgress({ phase: 'running' })
  return supervise(group, context)
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined) // Not there, or not to be looked at: no folder for a program.
  return found?.isDirectory() === true
}

function supervise(group: ProcessGroup, context: ExecutionContext): RunningExecution {
  let forced: RunEnd | undefined
  let over = false
  const fail = (error: unknown): void => {
    const { code, message, hint } = toFailure(error)
    forced ??= { kind: 'failed', errorCode: code, message, ...(hint !== undefined && { hint }) }
    group.signal('SIGKILL')
  }
  const drained = Promise.all([pour(group.stdout, context.stdout, fail), pour(group.stderr, context.stderr, fail)])
  const finish = async (): Promise<RunEnd> => {
    const exit = await group.exited
    // What it has left behind in its group goes with it; until then that may hold its output open.
    const grace = setTimeout(() => {
      group.signal('SIGKILL')
      void group.endStrays()
    }, OUTPUT_GRACE_MS)
    await drained
    clearTimeout(grace)
    group.signal('SIGKILL')
    await group.endStrays()
    over = true
    return forced ?? endOf(exit.code, exit.signal)
  }
  let kill: NodeJS.Timeout | undefined
  return {
    ended: finish().finally(() => clearTimeout(kill)),
    cancel: (graceMs) => {
      if (over) return
      forced ??= { kind: 'cancelled' }
      if (graceMs > 0) group.signal('SIGTERM')
      clearTimeout(kill)
      if (graceMs > 0) kill = setTimeout(() => group.signal('SIGKILL'), graceMs)
      else group.signal('SIGKILL')
    },
  }
}

/** Reads no further than the sink takes. Resolves at the end of the stream, or when the sink fails. */
async function pour(from: Readable, to: OutputSink, onFailure: (error: unknown) => void): Promise<void> {
  try {
    for await (const chunk of from) await to.write(chunk as Buffer)
  } catch (error) {
    onFailure(error)
    from.destroy()
  }
}

function endOf(code: number | null, signal: string | null): RunEnd {
  if (code !== null) return { kind: 'exited', exitCode: code }
  return {
    kind: 'failed',
    errorCode: 'native.signal',
    message: `The program was ended by ${signal ?? 'a signal'}.`,
    hint: hintFor(signal),
  }
}

function hintFor(signal: string | null): string {
  switch (signal) {
    case 'SIGKILL':
      return 'The system ends programs so when memory runs out; or somebody else did.'
    case 'SIGXCPU':
    case 'SIGXFSZ':
      return 'It went beyond a limit of the node.'
    default:
      return 'It crashed, or somebody else ended it.'
  }
}
