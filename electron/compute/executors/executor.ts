import type { Task } from '../../../shared/models/job'
import type { Resources } from '../../../shared/models/resources'
import type { OutputSink } from './output-file'

/** A file or folder of this machine that the program sees at `target` (absolute, with `/`). */
export interface Mount {
  readonly hostPath: string
  readonly target: string
  readonly writable: boolean
  /** The whole of a small file that is in memory anyway. Nothing is at `hostPath` then until an engine needs it there and calls `putDown`. */
  readonly content?: Uint8Array
}

/** A folder whose content is published when the program has ended. `target` is where the program sees it. */
export interface ResultFolder {
  readonly name: string
  readonly hostPath: string
  readonly target: string
}

/** What goes on before the program runs (`pulling image`, `compiling`): `done` of `total` where both are known, in the phase's own unit. */
interface Progress {
  readonly phase: string
  readonly done?: number
  readonly total?: number
}

/** Everything that an engine needs to run one execution. Folders exist already; inputs are prepared. */
export interface ExecutionContext {
  readonly executionId: string
  readonly jobId: string
  readonly task: Task
  /** The whole environment of the program; nothing of the node's own is added. */
  readonly env: Readonly<Record<string, string>>
  readonly resources: Resources
  readonly mounts: readonly Mount[]
  readonly results: readonly ResultFolder[]
  readonly stdout: OutputSink
  readonly stderr: OutputSink
  /** A folder of this execution's own, removed by who made it. */
  readonly workDir: string
  readonly onProgress: (progress: Progress) => void
}

/** How a run ended. A program that exits with a code other than 0 has *exited*; `failed` is everything that kept it from exiting by itself. */
export type RunEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'failed'; readonly message: string; readonly hint?: string; readonly errorCode?: string }
  | { readonly kind: 'cancelled' }

/** A program that runs. */
export interface RunningExecution {
  /** Never rejects. Resolves when nothing of the program runs any more and its sinks have all that it wrote. */
  readonly ended: Promise<RunEnd>
  /** Ends the program: asks it, where the engine can, and takes it down after `graceMs`. Confirmed by `ended`; may be called at any time, again too. */
  cancel(graceMs: number): void
}

/** Whether a node has something, and why not where there is a reason. */
export type Availability = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** An engine. It owns what it starts; it knows nothing of ledgers, queues and orchestrators. */
export interface Executor {
  /** As in `Engine.Type`, in lower case. */
  readonly type: string
  /** Whether jobs of this engine can run here now; asked again at need, so that an engine that comes later is found. */
  available(): Promise<Availability>
  /** Why this task can never run here (told when it is asked to bid); undefined when it can. */
  check(task: Task): Promise<string | undefined>
  /** Rejects with AppError when it cannot be started at all. */
  start(context: ExecutionContext): Promise<RunningExecution>
  /** What still runs of an execution after a restart of the node. Only engines whose programs outlive the node have it. */
  adopt?(executionId: string): Promise<RunningExecution | undefined>
  /** Ends everything that runs. */
  close(): Promise<void>
}
