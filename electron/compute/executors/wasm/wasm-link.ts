import { AppError } from '../../../../shared/errors'
import type { Logger } from '../../../log/logger'
import type { CompanionChild, CompanionExit } from '../../../process/companion'
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
  return new Link(launch, log)
}

class Link implements WasmLink {
  readonly #launch: () => CompanionChild | Promise<CompanionChild>
  readonly #log: Logger
  readonly #runs = new Map<string, { readonly listener: WasmRunListener; readonly child: CompanionChild }>()
  readonly #orders = new WeakMap<CompanionChild, (order: WasmOrder) => void>()
  #connection: Promise<Connection> | undefined
  #closed = false

  constructor(launch: () => CompanionChild | Promise<CompanionChild>, log: Logger) {
    this.#launch = launch
    this.#log = log
  }

  async ready(): Promise<void> {
    await this.#use()
  }

  async run(run: WasmRun, listener: WasmRunListener): Promise<WasmRunHandle> {
    const child = await this.#use()
    this.#runs.set(run.id, { listener, child })
    this.#send(child, { kind: 'run', run })
    let owed = 0
    return {
      cancel: () => this.#send(child, { kind: 'cancel', id: run.id }),
      taken: (bytes) => {
        owed += bytes + MESSAGE_COST_BYTES
        if (owed < TAKEN_BYTES) return
        this.#send(child, { kind: 'taken', id: run.id, bytes: owed })
        owed = 0
      },
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const current = await this.#connection?.catch(() => undefined) // One that never came up has told its runs.
    current?.child.kill()
    await current?.child.exited
  }

  /** The process, ready; one is started when there is none. */
  async #use(): Promise<CompanionChild> {
    if (this.#closed) throw new AppError('wasm.process', 'The WASM engine has been closed: the node stops.')
    this.#connection ??= this.#connect()
    const current = this.#connection
    try {
      const { child, ready } = await current
      await ready
      return child
    } catch (error) {
      if (this.#connection === current) this.#connection = undefined
      throw error
    }
  }

  async #connect(): Promise<Connection> {
    const child = await this.#launch()
    let markReady: () => void = () => undefined
    const ready = new Promise<void>((resolve) => {
      markReady = resolve
    })
    child.onMessage((message) => {
      for (const event of message as readonly WasmEvent[]) {
        if (event.kind === 'ready') markReady()
        else this.#tell(event)
      }
    })
    const lost = child.exited.then((exit): never => {
      this.#connection = undefined
      throw this.#endRunsOf(child, exit)
    })
    lost.catch(() => undefined) // Told to whoever waits below.
    return { child, ready: within(Promise.race([ready, lost]), READY_WITHIN_MS) }
  }

  #tell(event: Exclude<WasmEvent, { kind: 'ready' }>): void {
    const listener = this.#runs.get(event.id)?.listener
    if (listener === undefined) return
    if (event.kind === 'phase') listener.onPhase(event.phase)
    else if (event.kind === 'output') listener.onOutput(event.stream, event.data)
    else {
      this.#runs.delete(event.id)
      listener.onEnd(event.end)
    }
  }

  /** Its process has ended: all its runs have. Returns the reason. */
  #endRunsOf(child: CompanionChild, { code, signal, lastLines }: CompanionExit): AppError {
    const how = signal === null ? `exit code ${String(code)}` : signal
    // Node ends a stack with lines that say nothing; the error's own line is somewhere before.
    const telling = lastLines.find((line) => /error/i.test(line)) ?? lastLines.at(-1)
    const last = telling === undefined ? '' : `: ${telling.trim()}`
    const message = `The process that runs WASM modules ended (${how})${last}.`
    if (!this.#closed) this.#log.error('the WASM process ended; it is started again for the next job', { how, lastLines: lastLines.join('\n') })
    const end: RunEnd = this.#closed
      ? { kind: 'cancelled' }
      : { kind: 'failed', errorCode: 'wasm.process', message, hint: 'The job may be run again; the process has been replaced.' }
    for (const [id, { listener, child: of }] of [...this.#runs]) {
      if (of !== child) continue
      this.#runs.delete(id)
      listener.onEnd(end)
    }
    return new AppError('wasm.process', message)
  }

  /** What is ordered within one turn goes out as one message. */
  #send(child: CompanionChild, order: WasmOrder): void {
    const tell = this.#orders.get(child) ?? gathered((all: readonly WasmOrder[]) => child.send(all))
    this.#orders.set(child, tell)
    tell(order)
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
