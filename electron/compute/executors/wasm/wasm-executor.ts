import { AppError, toFailure } from '../../../../shared/errors'
import type { Task } from '../../../../shared/models/job'
import type { Logger } from '../../../log/logger'
import type { CompanionLauncher } from '../../../process/companion'
import type { Availability, ExecutionContext, Executor, RunEnd, RunningExecution } from '../executor'
import { isUnder, normaliseTarget } from './guest-path'
import type { WasmRun } from './messages'
import { makePreopens } from './preopens'
import { pagesFor, readWasmParams, refuseMemory, type WasmParams } from './task-params'
import { createWasmLink, type WasmLink } from './wasm-link'

interface WasmExecutorOptions {
  readonly launch: CompanionLauncher
  readonly log: Logger
}

/** Runs WebAssembly modules in a process apart, for what they do must not end the node. */
export interface WasmExecutor extends Executor {
  readonly type: 'wasm'
  /** Starts the process before there is work, so that the first job finds it warm. Resolves when it is ready; a failure is told by the first job. */
  warmUp(): Promise<void>
}

/** The engine `wasm`: WASI preview 1 modules in a process apart, started at the first job or by `warmUp` and again when it died. */
export function createWasmExecutor({ launch, log }: WasmExecutorOptions): WasmExecutor {
  const link = createWasmLink(() => launch('wasm'), log)
  return {
    type: 'wasm',
    warmUp: () => link.ready().catch((error: unknown) => log.warn('the WASM process could not be started', { error })),
    available: () => Promise.resolve<Availability>({ ok: true }),
    check: (task) => Promise.resolve(checkTask(task)),
    start: (context) => start(context, link),
    close: () => link.close(),
  }
}

function checkTask(task: Task): string | undefined {
  const params = readWasmParams(task)
  if (typeof params === 'string') return params
  const targets = (task.InputSources ?? []).map(({ Target }) => Target)
  for (const [name, path] of [
    ['EntryModule', params.entryModule],
    ...params.importModules.map((each) => ['ImportModules', each] as const),
  ] as const) {
    if (!isUnder(targets, path)) return `${name} is ${path}, but no input has that target (there are: ${targets.join(', ') || 'none'}).`
  }
  return refuseMemory(task)
}

async function start(context: ExecutionContext, link: WasmLink): Promise<RunningExecution> {
  const params = readWasmParams(context.task)
  if (typeof params === 'string') throw new AppError('wasm.params', params)
  const run = await describeRun(context, params)
  let resolveEnd: (end: RunEnd) => void = () => undefined
  const ended = new Promise<RunEnd>((resolve) => {
    resolveEnd = resolve
  })
  const sinks = { 1: context.stdout, 2: context.stderr } as const
  let writing: Promise<void> = Promise.resolve()
  let unkept: RunEnd | undefined
  const handle = await link.run(run, {
    onPhase: (phase) => context.onProgress({ phase }),
    onOutput: (stream, data) => {
      const stored = sinks[stream].write(data)
      writing = Promise.all([writing, stored]).then(
        () => handle.taken(data.length),
        (error: unknown) => {
          unkept ??= notKept(error)
          handle.taken(data.length)
          handle.cancel()
        },
      )
    },
    onEnd: (end) => {
      void writing.then(() => resolveEnd(unkept ?? end))
    },
  })
  return { ended, cancel: () => handle.cancel() }
}

async function describeRun(context: ExecutionContext, params: WasmParams): Promise<WasmRun> {
  const { executionId, mounts, results, workDir, env, resources } = context
  const modules = new Set([params.entryModule, ...params.importModules].map(normaliseTarget))
  // A module's own file is loaded, not looked at: most jobs then need no folder at all.
  const visible = mounts.filter(({ target, content }) => !modules.has(normaliseTarget(target)) || (content === undefined && mayBeFolder(target)))
  return {
    id: executionId,
    entryModule: params.entryModule,
    entrypoint: params.entrypoint,
    importModules: params.importModules,
    places: mounts.map(({ target, hostPath, content }) => (content === undefined ? { target, hostPath } : { target, content })),
    args: params.parameters,
    env,
    preopens: await makePreopens({ mounts: visible, results, workDir }),
    memoryPages: pagesFor(resources.Memory),
  }
}

/** A target that does not end in `.wasm` may be a folder with more in it than the module. */
function mayBeFolder(target: string): boolean {
  return !normaliseTarget(target).endsWith('.wasm')
}

function notKept(error: unknown): RunEnd {
  const { code, message, hint } = toFailure(error)
  return { kind: 'failed', errorCode: code, message, ...(hint !== undefined && { hint }) }
}
