import type { ExecutionContext, Executor, RunEnd, RunningExecution } from '../../electron/compute/executors/executor'
import type { Random } from './seeded-random'
import type { SimulatedProcess, VirtualTime } from './virtual-time'

/** How a program of the simulation ends, told in its task. */
export type ProgramEnd = 'succeeds' | 'exits-with-1' | 'fails' | 'fails-at-first' | 'never'

/** The engine's parameters of a task of the simulation. */
export interface ProgramParams extends Record<string, unknown> {
  readonly EntryModule: string
  /** How long it runs. */
  readonly RunMs: number
  readonly End: ProgramEnd
}

/** Programs that have run on a node over all its lives. */
export interface ProgramBook {
  /** Starts, by execution. */
  readonly starts: Map<string, number>
  /** Executions whose program ended by itself and well. */
  readonly succeeded: Set<string>
  /** Running now. */
  readonly running: Set<string>
}

export interface SimulatedExecutorOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly process: SimulatedProcess
  readonly book: ProgramBook
  /** Times that programs of a job have been started anywhere. */
  readonly tries: Map<string, number>
  /** A program ran longer than its node lets it. */
  readonly onFault: (fault: string) => void
}

const timeoutSlackMs = 100

/** An engine whose programs do nothing but take their time. */
export function simulatedExecutor({ time, random, process, book, tries, onFault }: SimulatedExecutorOptions): Executor {
  const start = async ({ executionId, jobId, task }: ExecutionContext): Promise<RunningExecution> => {
    const { RunMs, End } = task.Engine.Params as ProgramParams
    const attempt = (tries.get(jobId) ?? 0) + 1
    tries.set(jobId, attempt)
    book.starts.set(executionId, (book.starts.get(executionId) ?? 0) + 1)
    await time.pause(process, random.whole(0, 30))
    book.running.add(executionId)
    const begun = time.now
    const { ExecutionTimeout = 0 } = task.Timeouts
    let end: (how: RunEnd) => void = () => undefined
    const ended = new Promise<RunEnd>((resolve) => (end = resolve))
    const finish = (how: RunEnd): void => {
      if (!book.running.delete(executionId)) return
      if (how.kind === 'exited') {
        book.succeeded.add(executionId)
        const over = time.now - begun - ExecutionTimeout * 1000
        // A process that was frozen finds the end of its program and that of its time at once.
        if (ExecutionTimeout > 0 && over > timeoutSlackMs && process.frozenUntil < begun)
          onFault(`the program of ${executionId} ran ${String(over)} ms longer than it may`)
      }
      end(how)
    }
    if (End !== 'never') {
      const ms = Math.round(RunMs * (0.8 + 0.4 * random.next()))
      time.after(process, ms, () => finish(endOf(End, attempt)))
    }
    return {
      ended,
      cancel: (graceMs) => void time.after(process, random.chance(0.8) ? random.whole(0, 20) : graceMs, () => finish({ kind: 'cancelled' })),
    }
  }
  return {
    type: 'wasm',
    available: () => Promise.resolve({ ok: true }),
    check: () => Promise.resolve(undefined),
    start,
    close: () => Promise.resolve(),
  }
}

function endOf(end: ProgramEnd, attempt: number): RunEnd {
  if (end === 'exits-with-1') return { kind: 'exited', exitCode: 1 }
  if (end === 'fails' || (end === 'fails-at-first' && attempt === 1)) return { kind: 'failed', message: 'The program of the simulation fails.' }
  return { kind: 'exited', exitCode: 0 }
}
