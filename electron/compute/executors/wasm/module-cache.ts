import { createHash } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { AppError } from '../../../../shared/errors'
import type { ImportedMemory, ModuleSource } from './messages'
import { limitMemory } from './module-memory'

/** A module ready to be instantiated in any thread. */
export interface CompiledModule {
  readonly module: WebAssembly.Module
  readonly imported: readonly ImportedMemory[]
}

/** Compiled modules, by content and limit. */
export interface ModuleCache {
  /** The module with its memories limited. Throws AppError `wasm.not-a-module`, `wasm.module-too-large`, `wasm.memory-limit`, `wasm.unsupported`. */
  load(source: ModuleSource, pages: number): Promise<CompiledModule>
  /** Modules that are kept. */
  readonly size: number
}

interface Entry {
  readonly compiled: Promise<CompiledModule>
  readonly bytes: number
}

/** Compiled code is a few times the size of the module; this bounds what the modules themselves are. */
const CACHE_BYTES = 64 * 1024 * 1024

/** What one module may be: it is held in memory more than once while it is compiled. */
const MOST_MODULE_BYTES = 256 * 1024 * 1024

/** Modules compiled once for each content and limit; those not used for longest are dropped beyond `budget` bytes of module. */
export function createModuleCache(budget: number = CACHE_BYTES): ModuleCache {
  const entries = new Map<string, Entry>()
  let held = 0
  const drop = (key: string): void => {
    held -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }
  return {
    get size() {
      return entries.size
    },
    load: async (source, pages) => {
      const bytes = 'content' in source ? source.content : await readModule(source.hostPath)
      const key = `${createHash('sha256').update(bytes).digest('base64')}/${pages}`
      const known = entries.get(key)
      if (known !== undefined) {
        entries.delete(key) // Used last, hence last in the map's order.
        entries.set(key, known)
        return known.compiled
      }
      const entry: Entry = { compiled: compile(bytes, pages), bytes: bytes.length }
      entries.set(key, entry)
      held += bytes.length
      for (const oldest of entries.keys()) {
        if (held <= budget || oldest === key) break
        drop(oldest)
      }
      try {
        return await entry.compiled
      } catch (error) {
        if (entries.get(key) === entry) drop(key)
        throw error
      }
    },
  }
}

function tooLarge(bytes: number): AppError {
  return new AppError('wasm.module-too-large', `The module has ${bytes} bytes; this engine takes at most ${MOST_MODULE_BYTES}.`, {
    hint: 'Give its data as inputs of their own.',
  })
}

async function readModule(file: string): Promise<Buffer> {
  const { size } = await fs.stat(file)
  if (size > MOST_MODULE_BYTES) throw tooLarge(size)
  return fs.readFile(file)
}

async function compile(bytes: Uint8Array, pages: number): Promise<CompiledModule> {
  const limited = limitMemory(bytes, pages)
  try {
    return { module: await WebAssembly.compile(limited.bytes), imported: limited.imported }
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^WebAssembly\.compile\(\): /, '') : String(error)
    throw new AppError('wasm.not-a-module', `The module cannot be compiled: ${why}.`, {
      hint: 'Build it again for the target wasm32-wasi.',
      cause: error,
    })
  }
}
