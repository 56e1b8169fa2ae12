import { hostname } from 'node:os'
import { randomUUID } from 'node:crypto'
import { buildVersion } from '../../shared/bacalhau-version'
import type { Config } from '../../shared/config/schema'
import { maskConfig } from '../../shared/config/mask'
import type { Failure } from '../../shared/errors'
import type { HostReport } from '../../shared/host-report'
import type { NodeConnection } from '../../shared/http/routes'
import type { NodeInfo } from '../../shared/models/node'
import type { Compute } from '../compute/start-compute'
import type { Logger } from '../log/logger'
import { systemClock } from '../process/clock'
import { endLeftovers } from '../process/pid-record'
import type { DataDirectory } from './data-directory'
import type { HostPaths } from './host-paths'
import { chooseNodeId } from './node-id'
import type { OrchestratorHost } from './orchestrator-host'
import { createSteps } from './steps'

export interface Roles {
  readonly orchestrator: boolean
  readonly compute: boolean
}

export interface RunHostOptions {
  readonly config: Config
  /** Locked; stays the caller's. */
  readonly directory: DataDirectory
  readonly roles: Roles
  /** `--name`. */
  readonly name: string | undefined
  readonly paths: HostPaths
  /** The value of PATH: nats-server and nvidia-smi may lie there. */
  readonly path: string | undefined
  /** Whether a key was set by anybody. */
  readonly asked: (key: string) => boolean
  readonly shoalVersion: string
  /** What there was to say before. */
  readonly notices: readonly string[]
  readonly report: (report: HostReport) => void
  readonly log: Logger
}

export type HostEnd = { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly failure: Failure }

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

/**
 * Runs the roles of one node: one id, one HTTP API. Resolves when the API answers; a compute role joins its orchestrator in the
 * background. Reports steps, `ready`, and every change of the compute role's connection.
 * @throws AppError when the node cannot start; nothing is left running then
 */
export async function runHost(options: RunHostOptions): Promise<RunningHost> {
  const { config, directory, roles, asked, report } = options
  const clock = systemClock
  const startedAt = clock.now() - process.uptime() * 1000
  const steps = createSteps(report, () => clock.monotonicMs())
  const { nodeId, isNew, notice } = await chooseNodeId({
    stored: directory.nodeId,
    asked: options.name,
    provider: config.NameProvider,
    sources: { uuid: randomUUID, hostname, instanceId: async (cloud) => (await import('./instance-id')).askInstanceId(cloud) },
  })
  if (isNew) await directory.storeNodeId(nodeId)
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
      await endLeftovers(await directory.folder('run')).then((leftovers) => {
        for (const { name, pid, outcome } of leftovers) if (outcome !== 'gone') log.warn(`Found ${name} of an earlier run.`, { pid, outcome })
      })
      const { startOrchestratorHost } = await import('./orchestrator-host')
      orchestrator = await startOrchestratorHost({ ...common, buildVersion: version, steps })
      const started = orchestrator
      undo.push(() => started.stop())
      notices.push(...orchestrator.notices)
    }

    let compute: Compute | undefined
    if (roles.compute) {
      const { startCompute } = await import('../compute/start-compute')
      compute = await startCompute({
        ...common,
        ...(orchestrator === undefined ? {} : { destination: orchestrator.ownDestination() }),
        dataDir: directory.path,
        platform: process.platform,
        arch: process.arch,
        clock: { now: () => clock.now(), monotonicMs: () => clock.monotonicMs() },
      })
      const started = compute
      undo.push(() => started.stop())
      followConnection(compute, steps, report)
    }

    let current = config
    const own = async (): Promise<NodeInfo> => {
      const { requesterInfo } = await import('../orchestrator/own-node')
      return requesterInfo({ nodeId, buildVersion: version, labels: current.Labels, platform: process.platform, arch: process.arch })
    }
    const ownInfo = compute === undefined ? await own() : undefined
    const { serveHostApi } = await import('./api')
    const { agentHandlers } = await import('../http/agent-handlers')
    const everyNode = {
      ...agentHandlers({ version, node: () => compute?.nodeInfo() ?? (ownInfo as NodeInfo), maskedConfig: () => maskConfig(current) }),
      shoalConnection: (): NodeConnection => compute?.describeConnection() ?? { connection: { kind: 'stopped' }, orchestrators: [] },
    }
    const api = await steps.run(
      'api',
      () =>
        orchestrator === undefined
          ? serveHostApi({ config: config.API, asked, servedBy: 'every-node', handlers: everyNode, version, log })
          : serveHostApi({ config: config.API, asked, servedBy: 'orchestrator', handlers: { ...everyNode, ...orchestrator.handlers }, version, log }),
      ({ server }) => server.url.replace(/^http:\/\//, ''),
    )
    if (api.notice !== undefined) notices.push(api.notice)

    let end: (reason: HostEnd) => void = () => undefined
    const ended = new Promise<HostEnd>((resolve) => {
      end = resolve
    })
    let stopping: Promise<void> | undefined
    const stopAll = async (): Promise<void> => {
      await Promise.all([api.server.close(API_GRACE_MS), compute?.stop()])
      await orchestrator?.stop()
    }
    const stop = (reason: HostEnd = { kind: 'stopped' }): Promise<void> =>
      (stopping ??= Promise.race([
        stopAll().catch((error: unknown) => log.error('Not everything could be ended in order.', { error })),
        clock.sleep(STOP_LIMIT_MS).then(() => log.warn('Something did not end in time; it ends with the process.')),
      ]).then(() => end(reason)))
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
          const { destinationOf } = await import('../compute/orchestrator-addresses')
          compute.redirect(orchestrator?.ownDestination() ?? destinationOf(next.Compute))
        }
        current = next
      },
      stop: () => stop(),
      ended,
    }
  } catch (error) {
    for (const stop of undo.reverse()) await stop()
    throw error
  }
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
