import type { Task } from '../../../../shared/models/job'
import { parseBytes } from '../../../../shared/quantity'
import { MOST_PAGES, PAGE_BYTES } from './module-memory'

/** What a task of the engine `wasm` says, with Bacalhau's names. */
export interface WasmParams {
  readonly entryModule: string
  readonly entrypoint: string
  readonly parameters: readonly string[]
  readonly importModules: readonly string[]
}

const DEFAULT_ENTRYPOINT = '_start'

/** The engine's parameters, or in words what is wrong with them. */
export function readWasmParams(task: Task): WasmParams | string {
  const params = task.Engine.Params ?? {}
  const { EntryModule, Entrypoint, Parameters, ImportModules } = params
  if (typeof EntryModule !== 'string' || EntryModule.trim() === '') {
    return 'The wasm engine needs EntryModule: the target of the input that holds the module.'
  }
  if (Entrypoint != null && typeof Entrypoint !== 'string') return 'Entrypoint must be the name of a function that the module exports.'
  const parameters = readTexts(Parameters)
  if (parameters === undefined) return 'Parameters must be a list of texts.'
  if (parameters.some((text) => text.includes('\0'))) return 'A parameter contains a zero byte, which no program can be given.'
  const importModules = readTexts(ImportModules)
  if (importModules === undefined) return 'ImportModules must be a list of targets of inputs.'
  return {
    entryModule: EntryModule,
    entrypoint: Entrypoint == null || Entrypoint === '' ? DEFAULT_ENTRYPOINT : Entrypoint,
    parameters,
    importModules,
  }
}

/** Why the memory that a task asks for cannot be had by any module; undefined when it can. */
export function refuseMemory(task: Task): string | undefined {
  const asked = task.Resources.Memory
  const bytes = asked === undefined || asked === '' ? 0 : parseBytes(asked)
  if (bytes === undefined || bytes <= MOST_PAGES * PAGE_BYTES) return undefined
  return `The task asks for ${asked ?? ''} of memory; a WASM module has at most 4 GiB.`
}

/** Pages of 64 KiB for so many bytes, rounded up; all that 32 bits address when nothing is said. */
export function pagesFor(bytes: number | undefined): number {
  return bytes === undefined || bytes <= 0 ? MOST_PAGES : Math.min(MOST_PAGES, Math.ceil(bytes / PAGE_BYTES))
}

function readTexts(value: unknown): readonly string[] | undefined {
  if (value == null) return []
  return Array.isArray(value) && value.every((each): each is string => typeof each === 'string') ? value : undefined
}
