import { Worker } from 'node:worker_threads'
import { messageOf } from '../../../../shared/errors'
import type { RunEnd } from '../executor'
import { controlCells, type WorkerEvent, type WorkerRun } from './messages'

/** What a run tells while it goes on. */
interface RunListener {
  /** `done` says that the bytes have been taken care of. */
  readonly onOutput: (stream: 1 | 2, data: Uint8Array) => void
  readonly onEnd: (end: RunEnd) => void
}

/** A module that runs in a thread of its own. */
export interface PooledRun {
  /** The thread is ended, whatever it does; `onEnd` follows with `cancelled`. */
  cancel(): void
  /** Lets the module write as much again. */
  taken(bytes: number): void
}

interface WorkerPool {
  run(run: Omit<WorkerRun, 'control'>, listener: RunListener): PooledRun
  /** Threads that wait for work. */
  readonly idle: number
  close(): Promise<void>
}

interface WorkerPoolOptions {
  /** The bundled electron/wasm-worker.ts. */
  readonly workerFile: string
  /** Threads that are kept ready. */
  readonly warm: number
  /** Threads beyond `warm` are kept so long after their last run. */
  readonly keepMs?: number
}

interface Thread {
  readonly worker: Worker
  listener: RunListener | undefined
  idleSince: number
}

/** Each of them is several MiB; a burst of work has one for each job. */
const KEEP_MS = 2000
/** A module may use this much of the native stack; threads have 4 MiB. */
const STACK_MIB = 4
/** A run leaves little garbage of ours behind; left alone, each thread lets it become 48 MiB. */
const YOUNG_MIB = 3

/** Threads with node:wasi loaded: starting one costs as much as several short jobs. One runs one module at a time. */
export function createWorkerPool({ workerFile, warm, keepMs = KEEP_MS }: WorkerPoolOptions): WorkerPool {
  const idle: Thread[] = []
  const all = new Set<Thread>()
  let closed = false

  const spawn = (): Thread => {
    const worker = new Worker(workerFile, { stdin: false, env: {}, resourceLimits: { stackSizeMb: STACK_MIB, maxYoungGenerationSizeMb: YOUNG_MIB } })
    const thread: Thread = { worker, listener: undefined, idleSince: Date.now() }
    all.add(thread)
    worker.on('message', (event: WorkerEvent) => {
      if (event.kind === 'output') thread.listener?.onOutput(event.stream, event.data)
      else if (event.kind === 'ended') {
        const { listener } = thread
        thread.listener = undefined
        rest(thread)
        listener?.onEnd(event.end)
      }
    })
    worker.on('error', (error: unknown) => lose(thread, `its thread failed: ${messageOf(error)}`))
    worker.on('exit', () => lose(thread, 'its thread ended'))
    return thread
  }
  const rest = (thread: Thread): void => {
    thread.idleSince = Date.now()
    if (!closed && all.has(thread)) idle.push(thread)
  }
  const lose = (thread: Thread, why: string): void => {
    if (!all.delete(thread)) return
    const place = idle.indexOf(thread)
    if (place >= 0) idle.splice(place, 1)
    thread.listener?.onEnd({ kind: 'failed', errorCode: 'wasm.thread-lost', message: `The module could not be run to its end: ${why}.` })
    thread.listener = undefined
  }
  const refill = (): void => {
    while (!closed && idle.length < warm) idle.push(spawn())
  }
  const trim = setInterval(() => {
    const before = Date.now() - keepMs
    for (const thread of idle.slice(0, Math.max(0, idle.length - warm)).filter(({ idleSince }) => idleSince < before)) {
      all.delete(thread)
      idle.splice(idle.indexOf(thread), 1)
      void thread.worker.terminate()
    }
  }, keepMs)
  trim.unref()
  refill()

  return {
    get idle() {
      return idle.length
    },
    run: (run, listener) => {
      // The one that rested last: its code is in the caches, and the others can be let go.
      const thread = idle.pop() ?? spawn()
      const control = new SharedArrayBuffer(8)
      const cells = new Int32Array(control)
      thread.listener = listener
      thread.worker.postMessage({ ...run, control } satisfies WorkerRun)
      return {
        cancel: () => {
          if (thread.listener !== listener) return
          thread.listener = undefined
          all.delete(thread)
          void thread.worker.terminate().then(() => listener.onEnd({ kind: 'cancelled' }))
          refill()
        },
        taken: (bytes) => {
          Atomics.sub(cells, controlCells.underWay, bytes)
          Atomics.notify(cells, controlCells.underWay)
        },
      }
    },
    close: async () => {
      closed = true
      clearInterval(trim)
      idle.length = 0
      await Promise.all([...all].map(({ worker }) => worker.terminate()))
    },
  }
}
