import { WASI } from 'node:wasi'
import type { RunEnd } from '../executor'
import { containPaths } from './wasi/contained-paths'
import { exitCodeOf, ModuleExit, whyItFailed } from './module-end'
import { controlCells, MESSAGE_COST_BYTES, type NamedModule, type WorkerRun } from './messages'
import { pollOneoff } from './wasi/poll-oneoff'
import { guardReadOnly } from './wasi/read-only-calls'
import { WASI_MODULE } from './resolve-modules'
import { standardStreams } from './wasi/standard-streams'
import { errno, type WasiCall, type WasiCalls } from './wasi/wasi-abi'

/** More than this under way to the disk holds the module up. */
const UNDER_WAY_BYTES = 1024 * 1024

interface FinishedRun {
  readonly end: RunEnd
  /** Bytes of its memories, which are garbage now. */
  readonly memoryBytes: number
}

/** Runs a module to its end on this thread, which can do nothing else meanwhile. Never throws. */
export function runModule(run: WorkerRun, send: (stream: 1 | 2, data: Uint8Array) => void): FinishedRun {
  const control = new Int32Array(run.control)
  let memory: WebAssembly.Memory | undefined
  const view = (): DataView => new DataView(memory?.buffer ?? new ArrayBuffer(0))
  const write = (stream: 1 | 2, bytes: Uint8Array): void => {
    for (let held = Atomics.load(control, controlCells.underWay); held > UNDER_WAY_BYTES; held = Atomics.load(control, controlCells.underWay))
      Atomics.wait(control, controlCells.underWay, held)
    Atomics.add(control, controlCells.underWay, bytes.length + MESSAGE_COST_BYTES)
    send(stream, bytes)
  }

  let closeFiles = (): void => undefined
  const memories: WebAssembly.Memory[] = []
  try {
    const wasi = new WASI({
      version: 'preview1',
      args: ['', ...run.args],
      env: { ...run.env },
      preopens: Object.fromEntries(run.preopens.map(({ guest, host }) => [guest, host])),
    })
    const files = guardReadOnly(
      throughScript(wasi.wasiImport as WasiCalls),
      run.preopens.map(({ writable }) => writable),
      view,
    )
    closeFiles = () => files.closeAll()
    const hosts = run.preopens.map(({ host }) => host)
    const paths = containPaths(files.calls, hosts, view)
    const calls: WasiCalls = {
      ...standardStreams(paths, { memory: view, write }),
      poll_oneoff: pollOneoff({
        memory: view,
        sleep: (ms) => Atomics.wait(control, controlCells.sleep, 0, ms),
        realtimeNs: () => BigInt(Date.now()) * 1_000_000n,
        monotonicNs: () => process.hrtime.bigint(),
      }),
      proc_exit: (code) => {
        throw new ModuleExit(Number(code))
      },
      // node:wasi would send the signal to the whole process.
      proc_raise: () => errno.notsup,
    }
    const { instance, created } = instantiate(run, calls)
    memories.push(...created)
    const exported = Object.values(instance.exports).filter((each) => each instanceof WebAssembly.Memory)
    memory = instance.exports['memory'] instanceof WebAssembly.Memory ? instance.exports['memory'] : (exported[0] ?? created[0])
    memories.push(...exported)
    // Binds the memory; a module without one calls nothing that needs it.
    if (memory !== undefined) wasi.start({ exports: { memory, _start: () => undefined } })
    return finished(callEntry(instance, run.entrypoint), memories)
  } catch (error) {
    const exitCode = exitCodeOf(error)
    return finished(exitCode === undefined ? whyItFailed(error) : { kind: 'exited', exitCode }, memories)
  } finally {
    closeFiles()
  }
}

/**
 * The same calls as functions of script. Given a native function of Node's, V8 compiles code for that one import at each instantiation and keeps it as long
 * as the module: several kilobytes a run.
 */
function throughScript(calls: WasiCalls): WasiCalls {
  return Object.fromEntries(Object.entries(calls).map(([name, call]): [string, WasiCall] => [name, (...args) => call(...args)]))
}

function finished(end: RunEnd, memories: readonly WebAssembly.Memory[]): FinishedRun {
  return { end, memoryBytes: [...new Set(memories)].reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }
}

function callEntry(instance: WebAssembly.Instance, entrypoint: string): RunEnd {
  const entry = instance.exports[entrypoint]
  if (typeof entry !== 'function') {
    const functions = Object.entries(instance.exports).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
    return {
      kind: 'failed',
      errorCode: 'wasm.no-entrypoint',
      message: `The module exports no function ${JSON.stringify(entrypoint)}.`,
      hint: `Set Entrypoint to one of: ${functions.slice(0, 10).join(', ') || '(it exports none)'}.`,
    }
  }
  // A reactor wants to be made ready before any other of its functions is called.
  const initialise = instance.exports['_initialize']
  if (entrypoint !== '_initialize' && typeof initialise === 'function') (initialise as () => unknown)()
  ;(entry as () => unknown)()
  return { kind: 'exited', exitCode: 0 }
}

function instantiate(run: WorkerRun, calls: WasiCalls): { readonly instance: WebAssembly.Instance; readonly created: readonly WebAssembly.Memory[] } {
  const provided: Record<string, Record<string, WebAssembly.ImportValue>> = { [WASI_MODULE]: { ...calls } }
  const created: WebAssembly.Memory[] = []
  const make = ({ module, memories }: Omit<NamedModule, 'name'>): WebAssembly.Instance => {
    const given: Record<string, Record<string, WebAssembly.ImportValue>> = { ...provided }
    for (const { module: from, name, initial, maximum } of memories) {
      if (given[from]?.[name] !== undefined) continue
      const fresh = new WebAssembly.Memory({ initial, maximum })
      created.push(fresh)
      given[from] = { ...given[from], [name]: fresh }
      provided[from] = given[from]
    }
    return new WebAssembly.Instance(module, given)
  }
  for (const imported of run.imports) provided[imported.name] = { ...provided[imported.name], ...make(imported).exports }
  return { instance: make({ module: run.entry, memories: run.memories }), created }
}
