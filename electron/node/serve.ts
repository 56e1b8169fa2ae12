import type { Writable } from 'node:stream'
import { configRules } from '../../shared/config/rules'
import type { Config } from '../../shared/config/schema'
import { secretsOf } from '../../shared/config/mask'
import { AppError, type Failure, toFailure } from '../../shared/errors'
import type { HostOrder, HostReport } from '../../shared/host-report'
import { resolveConfig, type ResolvedConfig } from '../config/resolve-config'
import { parseServeArguments } from '../config/serve-arguments'
import { logLevelOf, type Logger } from '../log/logger'
import type { ParentSign } from '../process/parent-watch'
import { describeHost } from './describe-host'
import { openDataDirectory } from './data-directory'
import { createHostLog } from './host-log'
import type { HostPaths } from './host-paths'
import { type Roles, runHost, type RunningHost } from './run-host'
import { createSteps } from './steps'

export interface ServeOptions {
  /** What follows `serve` on the command line. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDir: string
  readonly paths: HostPaths
  readonly shoalVersion: string
  readonly stdout: Writable
  readonly stderr: Writable
  /** By which signs the host learns that whoever started it is gone; then it stops. */
  readonly parentSigns: readonly ParentSign[]
  readonly report?: (report: HostReport) => void
  /** Orders of whoever started this host; returns what ends the listening. */
  readonly onOrder?: (listener: (order: HostOrder) => void) => () => void
}

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
  const { argv, env, cwd, homeDir, stdout } = options
  const args = parseServeArguments(argv)
  const resolve = (): Promise<ResolvedConfig> => resolveConfig({ flags: args.flags, env, cwd, homeDir })
  const resolved = await resolve()
  const roles = rolesOf(resolved.config)
  const warnings = [...resolved.notices, ...checkRules(resolved, roles)]
  let config = resolved.config
  const json = config.Logging.Mode === 'json'
  const secrets = new Set(secretsOf(config))
  const hostLog = createHostLog({ level: () => logLevelOf(config.Logging.Level), mode: json ? 'json' : 'default', secrets: () => [...secrets], console: stdout })
  const { log } = hostLog
  if (!config.Orchestrator.Enabled && !config.Compute.Enabled) warnings.push('Neither --orchestrator nor --compute was given: this node becomes an orchestrator.')

  const steps = createSteps(report, () => performance.now())
  const directory = await steps.run('data-directory', () => openDataDirectory(resolved.dataDir), ({ path }) => path)
  try {
    hostLog.writeInto(await directory.folder('logs'))
    const asked = (key: string): boolean => resolved.isExplicit(key)
    const host = await runHost({ config, directory, roles, name: args.name, paths: options.paths, path: env['PATH'], asked, shoalVersion: options.shoalVersion, report, log })
    const facts = { ...host, roles, version: options.shoalVersion, dataDir: directory.path, logFile: hostLog.file ?? '' }
    if (json) log.info('The node is ready.', { ...describeHost(facts).fields })
    else stdout.write(`${describeHost(facts).text}\n`)
    for (const warning of [...warnings, ...host.notices]) log.warn(warning)

    const reload = async (): Promise<void> => {
      const next = await resolve()
      checkRules(next, roles)
      for (const secret of secretsOf(next.config)) secrets.add(secret)
      await host.reload(next.config)
      config = next.config
      log.info('The configuration was read again.')
    }
    await waitForEnd(options, host, log, reload)
    const end = await host.ended
    if (end.kind === 'stopped') return 0
    report({ kind: 'failed', failure: end.failure })
    log.error(end.failure.message, { code: end.failure.code })
    options.stderr.write(tellFailure(end.failure, undefined))
    return 1
  } finally {
    await hostLog.close()
    await directory.release()
  }
}

function rolesOf({ Orchestrator, Compute }: Config): Roles {
  return { orchestrator: Orchestrator.Enabled || !Compute.Enabled, compute: Compute.Enabled }
}

/** What is wrong between keys, as far as it concerns the roles of this node. Returns warnings; throws the first error. */
function checkRules({ config, isExplicit }: ResolvedConfig, { orchestrator, compute }: Roles): string[] {
  const concerns = (key: string): boolean => (key.startsWith('Orchestrator.') ? orchestrator : key.startsWith('Compute.') ? compute : true)
  const problems = configRules(config, isExplicit).filter(({ keys }) => keys.some(concerns))
  const error = problems.find(({ severity }) => severity === 'error')
  if (error !== undefined) throw new AppError('config.refused', error.message, { details: { keys: error.keys.join(', ') } })
  return problems.map(({ message }) => message)
}

/** Resolves when the host was told to end, or ended by itself, and has ended. */
async function waitForEnd({ parentSigns, onOrder }: ServeOptions, host: RunningHost, log: Logger, reload: () => Promise<void>): Promise<void> {
  const { stopWhenParentIsGone } = await import('../process/parent-watch')
  let asked = 0
  const stop = (why: string): void => {
    asked += 1
    // Somebody who asks twice does not want to wait.
    if (asked > 1 && why.startsWith('SIG')) process.exit(1)
    log.info(`Stopping: ${why}.`)
    void host.stop()
  }
  let reloading = Promise.resolve()
  const reloadInTurn = (): void => {
    reloading = reloading.then(reload).catch((error: unknown) => log.error('The changed configuration is not used; the node goes on with the one it has.', { error }))
  }
  const onInterrupt = (): void => stop('SIGINT')
  const onTerminate = (): void => stop('SIGTERM')
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate).on('SIGHUP', reloadInTurn)
  const parentWatch = stopWhenParentIsGone({ signs: parentSigns, onGone: stop })
  const unlisten = onOrder?.((order) => (order.kind === 'stop' ? stop('it was told to') : reloadInTurn()))
  await host.ended
  parentWatch.end()
  unlisten?.()
  process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate).off('SIGHUP', reloadInTurn)
}

/** For a person: the message and the next step; of a bug, where it happened. */
function tellFailure({ message, hint }: Failure, error: unknown): string {
  const bug = error instanceof Error && !(error instanceof AppError) ? `\n${error.stack ?? ''}` : ''
  return `Error: ${message}\n${hint === undefined ? '' : `Hint: ${hint}\n`}${bug}`
}
