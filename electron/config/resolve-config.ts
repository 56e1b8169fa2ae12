import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError } from '../../shared/errors'
import type { ConfigKey } from '../../shared/config/keys'
import { configKeys, findKey } from '../../shared/config/keys'
import { defaultConfig } from '../../shared/config/schema'
import type { Config } from '../../shared/config/schema'
import type { ConfigValue } from '../../shared/config/values'
import { parseValue } from '../../shared/config/values'
import type { ConfigArgument } from './config-argument'
import { classifyConfigArgument } from './config-argument'
import { resolveDataDir } from './data-dir'
import { environmentValues, misspeltVariables } from './environment-values'
import type { ParsedFlags } from './parsed-flags'
import type { ConfigFile } from './read-config-file'
import { readConfigFile } from './read-config-file'
import { readDotEnv } from './read-dot-env'

const CONFIG_FILE_NAME = 'config.yaml'

type ConfigSource = 'flag' | 'environment' | 'file' | 'default'

/** Where a value comes from. `detail` is shown: `--api-port`, `-c API.Port`, `BACALHAU_API_PORT`, `/home/ann/.shoal/config.yaml:12`, or why a default is what it is. */
interface Provenance {
  readonly source: ConfigSource
  readonly detail: string
}

/** The configuration with all of its sources: flags, environment, files, defaults. */
export interface ResolvedConfig {
  readonly config: Config
  /** By the key's name in the spelling of the schema; every key has one. */
  readonly provenance: ReadonlyMap<string, Provenance>
  /** Absolute; also in `config.DataDir`. */
  readonly dataDir: string
  /** Files that were read, in order: later ones win. */
  readonly files: readonly string[]
  /** Said to the person, one sentence each: unknown keys, variables passed over. */
  readonly notices: readonly string[]
  /** Whether a flag, a variable or a file sets the key. Throws for a name that is no key. */
  readonly isExplicit: (key: string) => boolean
}

interface ConfigSources {
  readonly flags: ParsedFlags
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDir: string
  /** Instead of `~/.shoal`: the window keeps a folder for each cluster. Absolute. */
  readonly defaultDataDir?: string
}

/** The data directory as flags and environment name it, without reading any file: also where a file of it is broken. */
export async function resolveDataDirectory(sources: ConfigSources): Promise<string> {
  const env = { ...(await readDotEnv(sources.cwd)), ...sources.env }
  const fromArguments = sources.flags.config.map((argument) => classifyConfigArgument(argument, (path) => existsSync(resolve(sources.cwd, path))))
  return findDataDir([...flagSettings(sources.flags, fromArguments), ...environmentSettings(env, [])], sources)
}

interface Setting {
  readonly key: ConfigKey
  readonly value: ConfigValue
  readonly source: ConfigSource
  readonly detail: string
}

/**
 * The effective configuration: `-c key=value` over explicit flags over the environment (`SHOAL_*` over `BACALHAU_*`, then `.env` of the
 * working folder) over files (a later `-c` file over an earlier; `<DataDir>/config.yaml` only when there is no `-c` file) over defaults.
 * Throws AppErrors (`config.*`) that name the flag, variable, or file and line at fault. Writes nothing.
 */
export async function resolveConfig(sources: ConfigSources): Promise<ResolvedConfig> {
  const { flags, cwd } = sources
  const notices: string[] = []
  const fromArguments = flags.config.map((argument) => classifyConfigArgument(argument, (path) => existsSync(resolve(cwd, path))))
  const env = { ...(await readDotEnv(cwd)), ...sources.env }
  const strong = [...flagSettings(flags, fromArguments), ...environmentSettings(env, notices)]
  const paths = fromArguments.flatMap((argument) => (argument.kind === 'file' ? [resolve(cwd, argument.path)] : []))
  const named = await Promise.all(paths.map(readNamedFile))
  const firstDataDir = findDataDir([...strong, ...fileSettings(named)], sources)
  const own = paths.length > 0 ? undefined : await readConfigFile(join(firstDataDir, CONFIG_FILE_NAME))
  const files = own === undefined ? named : [own]
  for (const file of files) notices.push(...fileNotices(file))

  const settings = [...strong, ...fileSettings(files)]
  const dataDir = findDataDir(settings, sources)
  const { config, provenance } = compose(settings, dataDir)
  notices.push(...misspeltVariables(env))
  return {
    config,
    provenance,
    dataDir,
    files: files.map((file) => file.path),
    notices,
    isExplicit: (key) => provenance.get(findKey(key).name)?.source !== 'default',
  }
}

/** Strongest first. Within one kind the later argument wins, as everywhere on command lines. */
function flagSettings(flags: ParsedFlags, fromArguments: readonly ConfigArgument[]): Setting[] {
  const dataDir =
    flags.dataDir === undefined ? [] : [{ key: findKey('DataDir'), value: flags.dataDir, source: 'flag' as const, detail: '--data-dir' }]
  const values = fromArguments.flatMap((argument): Setting[] =>
    argument.kind === 'file'
      ? []
      : [{ key: argument.key, value: parseValue(argument.key, argument.text), source: 'flag', detail: `-c ${argument.key.name}` }],
  )
  const keys = flags.keys.map(({ name, text, flag }): Setting => {
    const key = findKey(name)
    return { key, value: parseValue(key, text), source: 'flag', detail: flag }
  })
  return [...values.reverse(), ...dataDir, ...keys.reverse()]
}

function environmentSettings(env: Readonly<Record<string, string | undefined>>, notices: string[]): Setting[] {
  return environmentValues(env).flatMap(({ key, text, variable, shared }): Setting[] => {
    try {
      return [{ key, value: parseValue(key, text, 'environment'), source: 'environment', detail: variable }]
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (!shared) throw new AppError(error.code, `${error.message} It comes from the variable ${variable}.`, error)
      notices.push(`The variable ${variable} is passed over: ${error.message}`)
      return []
    }
  })
}

async function readNamedFile(path: string): Promise<ConfigFile> {
  const kind = await stat(path).catch(() => undefined) // Told by the reading.
  if (kind?.isDirectory() === true)
    throw new AppError('config.unreadable-file', `The configuration file ${path} is a folder.`, { hint: 'Name a file.' })
  const file = await readConfigFile(path, { pipes: true })
  if (file === undefined)
    throw new AppError('config.no-file', `The configuration file ${path} does not exist.`, { hint: 'Check the path given with -c.' })
  return file
}

function fileSettings(files: readonly ConfigFile[]): Setting[] {
  return [...files]
    .reverse()
    .flatMap((file) => file.values.map(({ key, value, place }): Setting => ({ key, value, source: 'file', detail: `${file.path}:${place.line}` })))
}

function fileNotices(file: ConfigFile): string[] {
  const notices = file.warnings.map((warning) => `${file.path}, line ${warning.line}: ${warning.message}`)
  return file.empty ? [...notices, `${file.path} is empty.`] : notices
}

function findDataDir(settings: readonly Setting[], sources: ConfigSources): string {
  const setting = settings.find(({ key }) => key.name === 'DataDir')
  if (setting === undefined) return sources.defaultDataDir ?? join(sources.homeDir, '.shoal')
  return resolveDataDir(typeof setting.value === 'string' ? setting.value : '', {
    ...sources,
    typed: setting.source === 'flag',
    source: setting.detail,
  })
}

function compose(settings: readonly Setting[], dataDir: string): { readonly config: Config; readonly provenance: ReadonlyMap<string, Provenance> } {
  const strongest = new Map<string, Setting>()
  for (const setting of settings) if (!strongest.has(setting.key.name)) strongest.set(setting.key.name, setting)
  const tree = structuredClone(defaultConfig) as Record<string, unknown>
  const provenance = new Map<string, Provenance>()
  for (const key of configKeys) {
    const setting = strongest.get(key.name)
    if (setting !== undefined) put(tree, key.path, setting.value)
    provenance.set(key.name, setting === undefined ? { source: 'default', detail: 'default' } : { source: setting.source, detail: setting.detail })
  }
  put(tree, findKey('DataDir').path, dataDir)
  fillMachineDefaults(tree, strongest, provenance)
  return { config: tree as Config, provenance }
}

/** Defaults that depend on this machine, or on another key. */
function fillMachineDefaults(tree: Record<string, unknown>, set: ReadonlyMap<string, Setting>, provenance: Map<string, Provenance>): void {
  if (!set.has('Orchestrator.Scheduler.WorkerCount')) {
    put(tree, ['Orchestrator', 'Scheduler', 'WorkerCount'], availableParallelism())
    provenance.set('Orchestrator.Scheduler.WorkerCount', { source: 'default', detail: 'the number of CPUs' })
  }
  if (!set.has('Orchestrator.Host')) {
    const hasToken = (set.get('Orchestrator.Auth.Token')?.value ?? '') !== ''
    put(tree, ['Orchestrator', 'Host'], hasToken ? '0.0.0.0' : '127.0.0.1')
    provenance.set('Orchestrator.Host', {
      source: 'default',
      detail: hasToken ? 'open, because Orchestrator.Auth.Token is set' : 'this machine only, because Orchestrator.Auth.Token is empty',
    })
  }
}

function put(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [part, ...rest] = path
  if (part === undefined) return
  if (rest.length === 0) tree[part] = value
  else put(tree[part] as Record<string, unknown>, rest, value)
}
