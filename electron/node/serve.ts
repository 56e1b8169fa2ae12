import type { Writable } from 'node:stream'
import { configRules } from '../../shared/config/rules'
import type { Config } from '../../shared/config/schema'
import { secretsOf } from '../../shared/config/mask'
import { AppError, type Failure, fromFailure, toFailure } from '../../shared/errors'
import type { HostOrder, HostReport } from '../../shared/host-report'
import { resolveConfig, type ResolvedConfig } from '../config/resolve-config'
import { parseServeArguments } from '../config/serve-arguments'
import { logLevelOf, type Logger } from '../log/logger'
import type { CompanionLauncher } from '../process/companion'
import type { ParentSign } from '../process/parent-watch'
import { compareConfigs } from './compare-configs'
import { openDataDirectory, type DataDirectory } from './data/data-directory'
import { describeHost } from './describe-host'
import { createHostLog, type HostLog } from './host-log'
import type { HostPaths } from './host-paths'
import { listenOutside, type OutsideWishes } from './parent/outside-wishes'
import { type Roles, runHost, type RunningHost } from './run-host'
import { createSteps } from './report-steps'

interface ServeOptions {
  /** What follows `serve` on the command line. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDir: string
  readonly paths: HostPaths
  readonly shoalVersion: string
  readonly stdout: Writable
  readonly stderr: Writable
  /** How the host starts companions, where it cannot fork them. */
  readonly launchCompanion?: CompanionLauncher
  /** By which signs the host learns that whoever started it is gone; then it stops. */
  readonly parentSigns: readonly ParentSign[]
  readonly report?: (report: HostReport) => void
  /** Orders of whoever started this host; returns what ends the listening. */
  readonly onOrder?: (listener: (order: HostOrder) => void) => () => void
}

const START_GRACE_MS = 2_000
/** A start that takes longer shows its log before it has introduced itself. */
const SILENCE_MS = 2_000

/**
 * Everything between a command line and its exit code: configuration, data directory, log, roles, signals. 0 after an ordered end
 * (SIGINT, SIGTERM, an order, the parent gone), 1 for anything that kept the node from running, told on stderr and as a report.
 */
export async function serveFromArguments(options: ServeOptions): Promise<number> {
  const report = options.report ?? (() => undefined)
  try {
    return await serve(options, report)
  } catch (error) {
    const failure = toFailure(error)
    report({ kind: 'failed', failure })
    options.stderr.write(tellFailure(failure, error))
    return 1
  }
}

async function serve(options: ServeOptions, report: (report: HostReport) => void): Promise<number> {
  const { argv, env, cwd, homeDir } = options
  const args = parseServeArguments(argv)
  const resolve = (): Promise<ResolvedConfig> => resolveConfig({ flags: args.flags, env, cwd, homeDir })
  const resolved = await resolve()
  const roles = rolesOf(resolved.config)
  const settled: Settled = {
    options,
    report,
    resolve,
    resolved,
    current: { config: resolved.config },
    roles,
    name: args.name,
    secrets: new Set(secretsOf(resolved.config)),
  }
  const notices = noticesOf(settled)
  const hostLog = openLog(settled)
  const wishes = listenOutside(options)
  const slow = setTimeout(() => hostLog.showConsole(), SILENCE_MS).unref()
  const onCrash = (error: unknown): void => hostLog.writeCrash(error)
  process.on('uncaughtExceptionMonitor', onCrash)

  const steps = createSteps(report, () => performance.now())
  const directory = await steps.run(
    'data-directory',
    () => openDataDirectory(resolved.dataDir),
    ({ path }) => path,
  )
  try {
    hostLog.writeInto(await directory.folder('logs'))
    const host = await startHost(settled, { directory, notices, log: hostLog.log, stop: wishes.stop })
    introduce(settled, host, directory, hostLog)
    followWishes(settled, host, wishes, hostLog.log)
    const end = await host.ended
    if (end.kind === 'stopped') return 0
    throw fromFailure(end.failure)
  } catch (error) {
    const { message, ...rest } = toFailure(error)
    hostLog.fileLog.error(message, { ...rest, ...(error instanceof AppError ? {} : { error }) })
    throw error
  } finally {
    process.off('uncaughtExceptionMonitor', onCrash)
    clearTimeout(slow)
    hostLog.showConsole()
    wishes.close()
    await hostLog.close()
    await directory.release()
  }
}

/** What is settled before anything of the node is touched. */
interface Settled {
  readonly options: ServeOptions
  readonly report: (report: HostReport) => void
  /** Reads the configuration once more, with all its sources. */
  readonly resolve: () => Promise<ResolvedConfig>
  readonly resolved: ResolvedConfig
  /** What holds now: of the start, or as it was read again last. */
  readonly current: { config: Config }
  readonly roles: Roles
  readonly name: string | undefined
  /** Blackened in the log; grows with every configuration that is read. */
  readonly secrets: Set<string>
}

/** Throws for what keeps a node with these roles from starting. */
function noticesOf({ resolved, roles }: Settled): string[] {
  const { Orchestrator, Compute } = resolved.config
  const notices = [...resolved.notices, ...checkRules(resolved, roles)]
  if (!Orchestrator.Enabled && !Compute.Enabled) notices.push('Neither --orchestrator nor --compute was given: this node becomes an orchestrator.')
  return notices
}

function openLog({ options, resolved, current, secrets }: Settled): HostLog {
  const { Mode } = resolved.config.Logging
  const hostLog = createHostLog({
    level: () => logLevelOf(current.config.Logging.Level),
    mode: Mode === 'json' ? 'json' : 'default',
    secrets: () => [...secrets],
    console: options.stdout,
  })
  if (Mode === 'json') hostLog.showConsole()
  return hostLog
}

interface HostStart {
  readonly directory: DataDirectory
  readonly notices: readonly string[]
  readonly log: Logger
  /** Resolves when the node is to stop. */
  readonly stop: Promise<string>
}

async function startHost({ options, report, resolved, roles, name }: Settled, { directory, notices, log, stop }: HostStart): Promise<RunningHost> {
  const { env, paths, shoalVersion } = options
  let starting = true
  // A start that hangs must not outlive the wish that it end; what it has started ends with this process.
  const leaveSoon = (): void => void setTimeout(() => starting && process.exit(0), START_GRACE_MS).unref()
  void stop.then(leaveSoon)
  const host = await runHost({
    config: resolved.config,
    directory,
    roles,
    name,
    paths,
    path: env['PATH'],
    hostEnv: env,
    asked: (key) => resolved.isExplicit(key),
    shoalVersion,
    notices,
    report,
    log,
    ...(options.launchCompanion === undefined ? {} : { launchCompanion: options.launchCompanion }),
  })
  starting = false
  return host
}

/** Says that the node is there, and what somebody who started it should know. */
function introduce({ options, resolved, roles }: Settled, host: RunningHost, directory: DataDirectory, hostLog: HostLog): void {
  const { log } = hostLog
  const { text, fields } = describeHost({ ...host, roles, version: options.shoalVersion, dataDir: directory.path, logFile: hostLog.file ?? '' })
  if (resolved.config.Logging.Mode === 'json') log.info('The node is ready.', fields)
  else {
    options.stdout.write(`${text}\n`)
    hostLog.fileLog.info('The node is ready.', fields)
  }
  hostLog.showConsole()
  for (const notice of host.notices) log.warn(notice)
}

/** From now on the node takes over changed configurations, and stops when it is asked to. */
function followWishes({ report, resolve, current, roles, secrets }: Settled, host: RunningHost, wishes: OutsideWishes, log: Logger): void {
  const reload = async (): Promise<void> => {
    const next = await resolve()
    checkRules(next, roles)
    for (const secret of secretsOf(next.config)) secrets.add(secret)
    await host.reload(next.config)
    const { used, waiting } = compareConfigs(current.config, next.config)
    current.config = next.config
    log.info('The configuration was read again.', { changed: used })
    if (waiting.length > 0) log.warn(`${waiting.join(', ')} changed; that takes effect at the next start.`)
  }
  let reloading = Promise.resolve()
  wishes.onReload(() => {
    reloading = reloading.then(reload).then(
      () => report({ kind: 'reloaded' }),
      (error: unknown) => {
        log.error('The changed configuration is not used; the node goes on with the one it has.', { error })
        report({ kind: 'reloaded', failure: toFailure(error) })
      },
    )
  })
  void wishes.stop.then((reason) => {
    log.info(`Stopping: ${reason}.`)
    return host.stop()
  })
}

function rolesOf({ Orchestrator, Compute }: Config): Roles {
  return { orchestrator: Orchestrator.Enabled || !Compute.Enabled, compute: Compute.Enabled }
}

/** What is wrong between keys, as far as it concerns the roles of this node. Returns warnings; throws the first error. */
function checkRules(resolved: ResolvedConfig, { orchestrator, compute }: Roles): string[] {
  const concerns = (key: string): boolean => (key.startsWith('Orchestrator.') ? orchestrator : key.startsWith('Compute.') ? compute : true)
  const problems = configRules(resolved.config, (key) => resolved.isExplicit(key)).filter(({ keys }) => keys.some(concerns))
  const error = problems.find(({ severity }) => severity === 'error')
  if (error !== undefined) throw new AppError('config.refused', error.message, { details: { keys: error.keys.join(', ') } })
  return problems.map(({ message }) => message)
}

/** For a person: the message and the next step; of a bug, where it happened. */
function tellFailure({ message, hint }: Failure, error: unknown): string {
  const bug = error instanceof Error && !(error instanceof AppError) ? `\n${error.stack ?? ''}` : ''
  return `Error: ${message}\n${hint === undefined ? '' : `Hint: ${hint}\n`}${bug}`
}
