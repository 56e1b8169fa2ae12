import { AppError, toFailure } from '../../../../shared/errors'
import type { RunEnd } from '../executor'
import { gathered } from './gathered'
import type { WasmEvent, WasmOrder, WasmRun } from './messages'
import { createModuleCache } from './module-cache'
import { resolveModules } from './resolve-modules'
import { createWorkerPool, type PooledRun } from './worker-pool'

/** The end of the channel that the WASM process has. */
interface WasmPort {
  send(events: readonly WasmEvent[]): void
  onOrders(listener: (orders: readonly WasmOrder[]) => void): void
}

interface WasmProcessOptions {
  readonly workerFile: string
  /** Threads kept ready. */
  readonly warm: number
}

interface Active {
  pooled: PooledRun | undefined
  cancelled: boolean
  telling: NodeJS.Timeout | undefined
}

/** Of a run that is over sooner only the end is told. */
const TELL_AFTER_MS = 20

/** Runs modules for a role host until the channel ends. */
export function serveWasm(port: WasmPort, { workerFile, warm }: WasmProcessOptions): void {
  const pool = createWorkerPool({ workerFile, warm })
  const cache = createModuleCache()
  const active = new Map<string, Active>()
  const tell = gathered((events: readonly WasmEvent[]) => port.send(events))

  const end = (id: string, how: RunEnd): void => {
    clearTimeout(active.get(id)?.telling)
    if (!active.delete(id)) return
    tell({ kind: 'ended', id, end: how })
  }
  const start = async (run: WasmRun): Promise<void> => {
    const state: Active = { pooled: undefined, cancelled: false, telling: undefined }
    active.set(run.id, state)
    try {
      const { entry, imports } = await resolveModules(run, cache)
      if (state.cancelled) return
      const { id, entrypoint, args, env, preopens } = run
      state.telling = setTimeout(() => tell({ kind: 'phase', id, phase: 'running' }), TELL_AFTER_MS)
      state.pooled = pool.run(
        { entry: entry.module, memories: entry.imported, imports, entrypoint, args, env, preopens },
        { onOutput: (stream, data) => tell({ kind: 'output', id, stream, data }), onEnd: (how) => end(id, how) },
      )
    } catch (error) {
      end(run.id, failed(error))
    }
  }

  const take = (order: WasmOrder): void => {
    if (order.kind === 'run') {
      void start(order.run)
      return
    }
    const state = active.get(order.id)
    if (state === undefined) return
    if (order.kind === 'taken') state.pooled?.taken(order.bytes)
    else if (state.pooled !== undefined) state.pooled.cancel()
    else {
      state.cancelled = true
      end(order.id, { kind: 'cancelled' })
    }
  }
  port.onOrders((orders) => orders.forEach(take))
  port.send([{ kind: 'ready' }])
}

function failed(error: unknown): RunEnd {
  const { code, message, hint } = toFailure(error)
  return { kind: 'failed', message, errorCode: error instanceof AppError ? code : 'wasm.failed', ...(hint !== undefined && { hint }) }
}
