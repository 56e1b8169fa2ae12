import type { RunEnd } from '../executor'

/** A folder of this machine that a module sees at `guest`. */
export interface Preopen {
  readonly guest: string
  readonly host: string
  readonly writable: boolean
}

/** Where modules are found by the path that the job knows them by: a file or a folder of this machine at a path of the job, or what is in such a file. */
export type ModulePlace = { readonly target: string } & ModuleSource
/** Where the bytes of a module are. */
export type ModuleSource = { readonly hostPath: string } | { readonly content: Uint8Array }

/** One module to run, once. Paths are those of the job, found through `places`. */
export interface WasmRun {
  readonly id: string
  readonly entryModule: string
  readonly entrypoint: string
  readonly importModules: readonly string[]
  readonly places: readonly ModulePlace[]
  /** Without argv[0], which is empty as with Bacalhau. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly preopens: readonly Preopen[]
  /** The most pages of 64 KiB that each of its memories may grow to. */
  readonly memoryPages: number
}

/** From the role host to the WASM process; sent as arrays, like what comes back. */
export type WasmOrder =
  | { readonly kind: 'run'; readonly run: WasmRun }
  | { readonly kind: 'cancel'; readonly id: string }
  /** So many bytes of a run's output, messages' own cost included, have been taken care of; it may write as many more. */
  | { readonly kind: 'taken'; readonly id: string; readonly bytes: number }

/** From the WASM process to the role host; sent as arrays, since much of it comes in bursts. */
export type WasmEvent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'phase'; readonly id: string; readonly phase: string }
  /** `stream` is 1 for stdout, 2 for stderr. */
  | { readonly kind: 'output'; readonly id: string; readonly stream: 1 | 2; readonly data: Uint8Array }
  /** The last word on a run; all of its output came before. */
  | { readonly kind: 'ended'; readonly id: string; readonly end: RunEnd }

/** A run as a worker thread gets it: modules are compiled, their memories limited. */
export interface WorkerRun {
  readonly entry: WebAssembly.Module
  readonly entrypoint: string
  readonly imports: readonly NamedModule[]
  /** Memories that the entry module wants to be given, by module and name. */
  readonly memories: readonly ImportedMemory[]
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly preopens: readonly Preopen[]
  /** Int32: bytes under way (`controlCells`), and a cell that nobody wakes, to sleep on. */
  readonly control: SharedArrayBuffer
}

/** A module whose exports others import under `name`. In the order in which they can be instantiated. */
export interface NamedModule {
  readonly name: string
  readonly module: WebAssembly.Module
  readonly memories: readonly ImportedMemory[]
}

/** A memory that a module imports, in pages of 64 KiB. */
export interface ImportedMemory {
  readonly module: string
  readonly name: string
  readonly initial: number
  readonly maximum: number
}

/** What a message of output costs beside its bytes: many small ones fill memory too. */
export const MESSAGE_COST_BYTES = 128

/** Cells of the memory that a thread shares with its process. */
export const controlCells = { underWay: 0, sleep: 1 } as const

/** What a thread tells its process. */
export type WorkerEvent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'output'; readonly stream: 1 | 2; readonly data: Uint8Array }
  | { readonly kind: 'ended'; readonly end: RunEnd }
