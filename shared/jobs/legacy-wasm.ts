import { z } from 'zod'
import { AppError } from '../errors'
import { matchKeys } from '../go-json'
import type { InputSource, Job, Task } from '../models/job'

const moduleSchema = z.object({
  Source: z.object({ Type: z.string().default(''), Params: z.record(z.string(), z.unknown()).optional() }).optional(),
  Alias: z.string().default(''),
  Target: z.string().default(''),
})
const legacySchema = z.object({
  EntryModule: moduleSchema.optional(),
  ImportModules: z.array(moduleSchema.nullable()).optional(),
  EntryPoint: z.string().default(''),
  Parameters: z.array(z.string()).optional(),
})
type Module = z.infer<typeof moduleSchema>

/** What Bacalhau's command line fills in, and its nodes insist on. */
const entrypoint = '_start'
const entryTarget = '/wasm/entry.wasm'
const importTarget = (index: number): string => `/wasm/imports/module_${index}.wasm`

/**
 * The form in which WebAssembly jobs of older Bacalhau releases name their modules, each as an input with its source, turned into today's:
 * inputs, and the paths at which they are mounted. A WebAssembly job without an entry point gets the usual one, without which Bacalhau's
 * nodes do not run it. Other jobs are returned as they are.
 * @throws AppError `job.invalid` for a module without a source
 */
export function modernizeWasm(job: Job): Job {
  return { ...job, Tasks: job.Tasks.map(modernizeTask) }
}

function modernizeTask(task: Task): Task {
  if (task.Engine.Type.toLowerCase() !== 'wasm') return task
  const legacy = legacySchema.safeParse(matchKeys(legacySchema, task.Engine.Params ?? {}))
  if (!legacy.success) return withEntrypoint(task)
  const { EntryModule, ImportModules = [], EntryPoint, Parameters } = legacy.data
  const imports = ImportModules.flatMap((module, index) => (module === null ? [] : [{ module, index }]))
  if (EntryModule === undefined && imports.length === 0) return withEntrypoint(task)
  const entries = EntryModule === undefined ? [] : [asInput(EntryModule, entryTarget, 'entry module')]
  const inputs = imports.map(({ module, index }) => asInput(module, importTarget(index), `import module ${index}`))
  return {
    ...task,
    Engine: {
      Type: task.Engine.Type,
      Params: {
        EntryModule: entries[0]?.Target ?? '',
        Entrypoint: EntryPoint || entrypoint,
        ImportModules: inputs.length === 0 ? null : inputs.map(({ Target }) => Target),
        Parameters: Parameters ?? null,
      },
    },
    InputSources: [...(task.InputSources ?? []), ...entries, ...inputs],
  }
}

function withEntrypoint(task: Task): Task {
  const params = task.Engine.Params ?? {}
  const given = Object.entries(params).some(([key, value]) => key.toLowerCase() === 'entrypoint' && typeof value === 'string' && value !== '')
  if (given) return task
  const others = Object.entries(params).filter(([key]) => key.toLowerCase() !== 'entrypoint')
  return { ...task, Engine: { ...task.Engine, Params: { ...Object.fromEntries(others), Entrypoint: entrypoint } } }
}

function asInput({ Source, Alias, Target }: Module, target: string, what: string): InputSource {
  if (Source === undefined || Source.Type.trim() === '') {
    const reason = Source === undefined ? 'nil spec config' : 'missing spec type'
    throw new AppError('job.invalid', `invalid ${what}: invalid input source: ${reason}`)
  }
  return {
    Source: Source.Params === undefined ? { Type: Source.Type } : { Type: Source.Type, Params: Source.Params },
    Alias,
    Target: Target || target,
  }
}
