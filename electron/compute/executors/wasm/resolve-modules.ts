import { AppError } from '../../../../shared/errors'
import { findModule } from './guest-path'
import type { NamedModule, WasmRun } from './messages'
import type { CompiledModule, ModuleCache } from './module-cache'

/** The import module of WASI preview 1, always there. */
export const WASI_MODULE = 'wasi_snapshot_preview1'
/** What Bacalhau's own engine offers to jobs with a network. */
const BACALHAU_HTTP_MODULE = 'wasi:http/requests'

/** The entry module of a run and every module that it needs, in the order in which they can be instantiated. */
interface ResolvedModules {
  readonly entry: CompiledModule
  readonly imports: readonly NamedModule[]
}

/**
 * Loads the entry module and, following Bacalhau's loader, each module that is imported by a name which is a path of the job; `ImportModules` may also
 * be imported by their file's name, with or without `.wasm`. Throws AppError with what is missing.
 */
export async function resolveModules(run: WasmRun, cache: ModuleCache): Promise<ResolvedModules> {
  const loaded = new Map<string, NamedModule>()
  const visiting = new Set<string>()

  const load = async (path: string, role: string): Promise<CompiledModule> => {
    const source = await findModule(run.places, path)
    if (source === undefined) {
      throw new AppError('wasm.module-missing', `There is no module at ${path} (${role}) among the inputs of the task.`, {
        hint: `Inputs of the task lie at ${run.places.map(({ target }) => target).join(', ') || 'no path at all'}.`,
      })
    }
    return cache.load(source, run.memoryPages)
  }
  const follow = async (compiled: CompiledModule, path: string): Promise<void> => {
    const given = new Set(compiled.imported.map(({ module, name }) => `${module}\0${name}`))
    const names = new Set(
      WebAssembly.Module.imports(compiled.module)
        .filter(({ module, name, kind }) => module !== WASI_MODULE && !(kind === 'memory' && given.has(`${module}\0${name}`)))
        .map(({ module }) => module),
    )
    for (const name of names) await add(name, path)
  }
  const add = async (name: string, wantedBy: string): Promise<void> => {
    if (loaded.has(name)) return
    if (visiting.has(name)) throw new AppError('wasm.import-cycle', `The modules ${wantedBy} and ${name} import each other.`)
    visiting.add(name)
    const path = run.importModules.find((each) => isCalled(each, name)) ?? name
    if ((await findModule(run.places, path)) === undefined) throw nothingProvides(name, wantedBy)
    const compiled = await load(path, `imported by ${wantedBy}`)
    await follow(compiled, path)
    loaded.set(name, { name, module: compiled.module, memories: compiled.imported })
  }

  const entry = await load(run.entryModule, 'EntryModule')
  // Asked for by the job, so they must be there, imported or not.
  for (const path of run.importModules) await load(path, 'ImportModules')
  await follow(entry, run.entryModule)
  return { entry, imports: [...loaded.values()] }
}

function isCalled(path: string, name: string): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1)
  return path === name || file === name || file === `${name}.wasm`
}

function nothingProvides(name: string, wantedBy: string): AppError {
  return new AppError('wasm.import-missing', `The module ${wantedBy} imports ${JSON.stringify(name)}, which nothing provides.`, {
    hint: hintFor(name),
  })
}

function hintFor(name: string): string {
  if (name === 'wasi_unstable') return 'Build the module for WASI preview 1 (wasm32-wasi, wasip1).'
  if (name === BACALHAU_HTTP_MODULE) {
    return 'Modules cannot make HTTP requests on this node: give what they need as an input (urlDownload), or choose nodes that run Bacalhau.'
  }
  if (name.startsWith('wasi:')) return 'Components and WASI preview 2 are not supported; build it for wasm32-wasi (preview 1).'
  return 'Add the module that has it to ImportModules and the inputs, or build without it.'
}
