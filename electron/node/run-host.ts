import { hostname } from 'node:os'
import { randomUUID } from 'node:crypto'
import { buildVersion } from '../../shared/bacalhau-version'
import type { Config } from '../../shared/config/schema'
import type { Failure } from '../../shared/errors'
import type { HostReport } from '../../shared/host-report'
import type { Compute } from '../compute/start-compute'
import type { Logger } from '../log/logger'
import { systemClock } from '../process/clock'
import { type CompanionLauncher, forkCompanions } from '../process/companion'
import type { DataDirectory } from './data/data-directory'
import type { HostPaths } from './host-paths'
import { chooseNodeId } from './data/node-id'
import type { OrchestratorHost } from './orchestrator/orchestrator-host'
import { createSteps } from './report-steps'

/** Which roles a host runs; at least one. */
export interface Roles {
  readonly orchestrator: boolean
  readonly compute: boolean
}

interface RunHostOptions {
  readonly config: Config
  /** Locked; stays the caller's. */
  readonly directory: DataDirectory
  readonly roles: Roles
  /** `--name`. */
  readonly name: string | undefined
  readonly paths: HostPaths
  /** The value of PATH: nats-server and nvidia-smi may lie there. */
  readonly path: string | undefined
  /** The environment of this process. */
  readonly hostEnv: Readonly<Record<string, string | undefined>>
  /** Starts processes beside this one where it cannot do so itself. */
  readonly launchCompanion?: CompanionLauncher
  /** Whether a key was set by anybody. */
  readonly asked: (key: string) => boolean
  readonly shoalVersion: string
  /** What there was to say before. */
  readonly notices: readonly string[]
  readonly report: (report: HostReport) => void
  readonly log: Logger
}

type HostEnd = { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly failure: Failure }

/** A host whose roles run and whose API answers. */
export interface RunningHost {
  readonly nodeId: string
  readonly apiUrl: string
  readonly nats: OrchestratorHost['nats'] | undefined
  readonly tokenRequired: boolean
  /** Said to the person who started it. */
  readonly notices: readonly string[]
  /** Takes over the keys that may change while it runs (`live`, `reconnect`). */
  reload(config: Config): Promise<void>
  /** Drains and ends everything, within `STOP_LIMIT_MS`. Never rejects; a second call returns the same promise. */
  stop(): Promise<void>
  /** Resolves when it has ended, however. */
  readonly ended: Promise<HostEnd>
}

/** Whatever still hangs then is left to the end of the process. */
const STOP_LIMIT_MS = 4_500
const API_GRACE_MS = 300
/** Loading the HTTP server takes the processor that the first handshake needs: a node that can join at once is let do so first. */
const HEAD_START_MS = 60
/** So does work that has waited for such a node: it comes within a few milliseconds. */
const FIRST_WORK_MS = 40

/**
 * Runs the roles of one node: one id, one HTTP API. Resolves when the API answers; a compute role joins its orchestrator in the
 * background. Reports steps, `ready`, and every change of the compute role's connection.
 * @throws AppError when the node cannot start; nothing is left running then
 */
export async function runHost(options: RunHostOptions): Promise<RunningHost> {
  const { config, directory, roles, asked, report } = options
  const clock = systemClock
  const startedAt = Math.round(clock.now() - process.uptime() * 1000)
  const steps = createSteps(report, () => clock.monotonicMs())
  const { nodeId, isNew, notice } = await chooseNodeId({
    stored: directory.nodeId,
    asked: options.name,
    provider: config.NameProvider,
    sources: { uuid: randomUUID, hostname, instanceId: async (cloud) => (await import('./data/instance-id')).askInstanceId(cloud) },
  })
  // Kept while the rest starts: the disk is in no hurry, and a host is not ready before it is kept. What goes wrong is told there.
  const stored = isNew ? directory.storeNodeId(nodeId) : Promise.resolve()
  stored.catch(() => undefined)
  const log = options.log.child({ node: nodeId })
  const notices: string[] = [...options.notices, ...(notice === undefined ? [] : [notice])]
  if (roles.orchestrator && roles.compute && asked('Compute.Orchestrators')) {
    notices.push('Compute.Orchestrators is not used: a node with both roles joins its own orchestrator.')
  }
  const version = buildVersion(process.platform, process.arch)
  const common = { ...options, nodeId, clock, startedAt, random: Math.random, log }

  const undo: (() => Promise<void>)[] = []
  try {
    let orchestrator: OrchestratorHost | undefined
    if (roles.orchestrator) {
      const { startOrchestratorHost } = await import('./orchestrator/orchestrator-host')
      orchestrator = await startOrchestratorHost({ ...common, buildVersion: version, steps })
      undo.push(orchestrator.stop)
      notices.push(...orchestrator.notices)
    }
    let compute: Compute | undefined
    if (roles.compute) {
      const { startCompute } = await import('../compute/start-compute')
      compute = await startCompute({
        ...common,
        ...(orchestrator === undefined ? {} : { destination: orchestrator.ownDestination() }),
        dataDir: directory.path,
        launch: options.launchCompanion ?? forkCompanions(options.paths.companions),
        platform: process.platform,
        arch: process.arch,
        clock: { now: () => clock.now(), monotonicMs: () => clock.monotonicMs() },
      })
      undo.push(compute.stop)
      followConnection(compute, steps, report)
      const hasJoined = await Promise.race([joined(compute), clock.sleep(HEAD_START_MS)])
      if (hasJoined === true && !roles.orchestrator) await clock.sleep(FIRST_WORK_MS)
    }
    let current = config
    const api = await steps.run(
      'api',
      async () => {
        const { serveNodeApi } = await import('./node-api')
        return serveNodeApi({ nodeId, config: () => current, asked, version, orchestrator: orchestrator?.handlers, compute, log })
      },
      ({ server }) => server.url.replace(/^http:\/\//, ''),
    )
    undo.push(() => api.server.close(API_GRACE_MS))
    if (api.notice !== undefined) notices.push(api.notice)
    await stored

    const { ended, stop } = endOnce(async () => {
      await Promise.all([api.server.close(API_GRACE_MS), compute?.stop()])
      await orchestrator?.stop()
    }, log)
    void orchestrator?.givenUp.then((failure) => stop({ kind: 'failed', failure }))
    report({
      kind: 'ready',
      nodeId,
      roles: [...(roles.orchestrator ? (['orchestrator'] as const) : []), ...(roles.compute ? (['compute'] as const) : [])],
      apiUrl: api.server.url,
      ...(orchestrator === undefined ? {} : { nats: orchestrator.nats }),
      notices,
    })
    return {
      nodeId,
      apiUrl: api.server.url,
      nats: orchestrator?.nats,
      tokenRequired: orchestrator?.tokenRequired ?? false,
      notices,
      reload: async (next) => {
        // The gate first: a compute role that comes with the new token must find it known.
        await orchestrator?.reload(next)
        if (compute !== undefined) {
          const { destinationOf } = await import('../compute/connection/orchestrator-addresses')
          compute.redirect(orchestrator?.ownDestination() ?? destinationOf(next.Compute))
        }
        current = next
      },
      stop: () => stop({ kind: 'stopped' }),
      ended,
    }
  } catch (error) {
    for (const stop of undo.reverse()) await stop()
    throw error
  }
}

/** The end of a host: once, and within its limit. */
function endOnce(stopAll: () => Promise<void>, log: Logger): { readonly ended: Promise<HostEnd>; readonly stop: (end: HostEnd) => Promise<void> } {
  let tell: (end: HostEnd) => void = () => undefined
  const ended = new Promise<HostEnd>((resolve) => {
    tell = resolve
  })
  let stopping: Promise<void> | undefined
  const inOrder = (): Promise<void> => stopAll().catch((error: unknown) => log.error('Not everything could be ended in order.', { error }))
  const atLast = async (): Promise<void> => {
    await systemClock.sleep(STOP_LIMIT_MS)
    log.warn('Something did not end in time; it ends with the process.')
  }
  return { ended, stop: (end) => (stopping ??= Promise.race([inOrder(), atLast()]).then(() => tell(end))) }
}

/** Resolves when the orchestrator has taken the node. */
function joined(compute: Compute): Promise<true> {
  return new Promise((resolve) => {
    const off = compute.onChange(({ kind }) => {
      if (kind !== 'connected') return
      off()
      resolve(true)
    })
  })
}

/** The last two steps of a compute node's start, and every change of its connection. */
function followConnection(compute: Compute, steps: ReturnType<typeof createSteps>, report: (report: HostReport) => void): void {
  steps.begin('handshake', '')
  const follow = (connection: Compute['connection']): void => {
    report({ kind: 'compute', connection })
    if (connection.kind !== 'connected') return
    if (connection.lastHeartbeatAt === undefined) {
      steps.end('handshake', connection.address)
      steps.begin('heartbeat', '')
    } else steps.end('heartbeat', '')
  }
  compute.onChange(follow)
  follow(compute.connection)
}
