import { AppError } from '../../../../shared/errors'
import type { Logger } from '../../../log/logger'
import type { CompanionChild } from '../../../process/companion'
import type { RunEnd } from '../executor'
import { gathered } from './gathered'
import { MESSAGE_COST_BYTES, type WasmEvent, type WasmOrder, type WasmRun } from './messages'

/** What a run tells its executor. */
interface WasmRunListener {
  readonly onPhase: (phase: string) => void
  readonly onOutput: (stream: 1 | 2, data: Uint8Array) => void
  /** Once, after all output. */
  readonly onEnd: (end: RunEnd) => void
}

/** A run in the WASM process. */
interface WasmRunHandle {
  cancel(): void
  taken(bytes: number): void
}

/** The role host's side of the WASM process: started at need, and again after it died. */
export interface WasmLink {
  ready(): Promise<void>
  /** Rejects with AppError `wasm.process` when the process cannot be started. */
  run(run: WasmRun, listener: WasmRunListener): Promise<WasmRunHandle>
  close(): Promise<void>
}

interface Connection {
  readonly child: CompanionChild
  readonly ready: Promise<void>
}

const READY_WITHIN_MS = 20_000
/** Far less than what holds a module up: until then nobody need hear that output was taken. */
const TAKEN_BYTES = 128 * 1024

/** `launch` starts one WASM process. Runs that go on when it dies fail with the reason; the next run starts another one. */
export function createWasmLink(launch: () => CompanionChild | Promise<CompanionChild>, log: Logger): WasmLink {
  const runs = new Map<string, { readonly listener: WasmRunListener; readonly child: CompanionChild }>()
  let connection: Promise<Connection> | undefined
  let closed = false

  const onEvent = (event: WasmEvent): void => {
    if (event.kind === 'ready') return
    const listener = runs.get(event.id)?.listener
    if (listener === undefined) return
    if (event.kind === 'phase') listener.onPhase(event.phase)
    else if (event.kind === 'output') listener.onOutput(event.stream, event.data)
    else {
      runs.delete(event.id)
      listener.onEnd(event.end)
    }
  }
  const connect = async (): Promise<Connection> => {
    const child = await launch()
    let markReady: () => void = () => undefined
    const ready = new Promise<void>((resolve) => {
      markReady = resolve
    })
    child.onMessage((message) => {
      for (const event of message as readonly WasmEvent[]) {
        if (event.kind === 'ready') markReady()
        onEvent(event)
      }
    })
    const lost = child.exited.then(({ code, signal, lastLines }) => {
      connection = undefined
      const how = signal === null ? `exit code ${String(code)}` : signal
      // Node ends a stack with lines that say nothing; the error's own line is somewhere before.
      const telling = lastLines.find((line) => /error/i.test(line)) ?? lastLines.at(-1)
      const last = telling === undefined ? '' : `: ${telling.trim()}`
      const message = `The process that runs WASM modules ended (${how})${last}.`
      if (!closed) log.error('the WASM process ended; it is started again for the next job', { how, lastLines: lastLines.join('\n') })
      for (const [id, { listener, child: of }] of [...runs]) {
        if (of !== child) continue
        runs.delete(id)
        listener.onEnd(
          closed
            ? { kind: 'cancelled' }
            : { kind: 'failed', errorCode: 'wasm.process', message, hint: 'The job may be run again; the process has been replaced.' },
        )
      }
      throw new AppError('wasm.process', message)
    })
    lost.catch(() => undefined) // Told to whoever waits below.
    return { child, ready: within(Promise.race([ready, lost]), READY_WITHIN_MS) }
  }
  const use = async (): Promise<CompanionChild> => {
    if (closed) throw new AppError('wasm.process', 'The WASM engine has been closed: the node stops.')
    connection ??= connect()
    const current = connection
    try {
      const { child, ready } = await current
      await ready
      return child
    } catch (error) {
      if (connection === current) connection = undefined
      throw error
    }
  }
  /** What is ordered within one turn goes out as one message. */
  const orders = new WeakMap<CompanionChild, (order: WasmOrder) => void>()
  const send = (child: CompanionChild, order: WasmOrder): void => {
    const tell = orders.get(child) ?? gathered((all: readonly WasmOrder[]) => child.send(all))
    orders.set(child, tell)
    tell(order)
  }

  return {
    ready: async () => {
      await use()
    },
    run: async (run, listener) => {
      const child = await use()
      runs.set(run.id, { listener, child })
      send(child, { kind: 'run', run })
      let owed = 0
      return {
        cancel: () => send(child, { kind: 'cancel', id: run.id }),
        taken: (bytes) => {
          owed += bytes + MESSAGE_COST_BYTES
          if (owed < TAKEN_BYTES) return
          send(child, { kind: 'taken', id: run.id, bytes: owed })
          owed = 0
        },
      }
    },
    close: async () => {
      closed = true
      const current = await connection?.catch(() => undefined) // One that never came up has told its runs.
      current?.child.kill()
      await current?.child.exited
    },
  }
}

async function within(ready: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('wasm.process', `The process that runs WASM modules was not ready within ${ms / 1000} s.`)), ms)
  })
  try {
    await Promise.race([ready, late])
  } finally {
    clearTimeout(timer)
  }
}
