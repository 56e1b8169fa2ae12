import { join } from 'node:path'
import type { Config } from '../../../shared/config/schema'
import type { Failure } from '../../../shared/errors'
import type { BuildVersion } from '../../../shared/models/node'
import type { Destination } from '../../compute/connection/orchestrator-addresses'
import type { HandlersFor } from '../../http/route-handlers'
import type { Logger } from '../../log/logger'
import type { stateFilesIn } from '../../orchestrator/archive/state-files'
import type { Orchestrator, OrchestratorRoute, startOrchestrator } from '../../orchestrator/orchestrator'
import type { Clock } from '../../process/clock'
import { endLeftovers } from '../../process/pid-record'
import type { Bus } from './bus'
import type { DataDirectory } from '../data/data-directory'
import type { HostPaths } from '../host-paths'
import { startBusOnFreePorts } from './free-port-bus'
import { listeningHost, natsFacts, ownDestination, tokensOf } from './nats-place'
import type { OrchestratorLinks } from './orchestrator-links'
import { type OwnTls, readOwnTls } from './own-tls'
import type { Steps } from '../report-steps'

interface OrchestratorHostOptions {
  readonly nodeId: string
  readonly config: Config
  readonly asked: (key: string) => boolean
  readonly directory: DataDirectory
  readonly paths: HostPaths
  /** The value of PATH, where nats-server may also lie. */
  readonly path: string | undefined
  readonly shoalVersion: string
  readonly buildVersion: BuildVersion
  /** When this process began, Unix ms. */
  readonly startedAt: number
  readonly clock: Clock
  readonly random: () => number
  readonly steps: Steps
  readonly log: Logger
}

/** The orchestrator role with all that it stands on. */
export interface OrchestratorHost {
  readonly handlers: HandlersFor<OrchestratorRoute>
  /** Where it listens; the server may change, its place does not. */
  readonly nats: { readonly host: string; readonly port: number; readonly websocketPort?: number; readonly pid: number }
  readonly tokenRequired: boolean
  readonly notices: readonly string[]
  /** Where a compute role of the same process goes. */
  ownDestination(): Destination
  /** Takes over what may change while it runs; resolves when it holds. */
  reload(config: Config): Promise<readonly string[]>
  /** Resolves with the reason when it cannot go on. */
  readonly givenUp: Promise<Failure>
  readonly stop: () => Promise<void>
}

/** Starts nats-server, the gate and the orchestrator role. Rejects with what could not be started; nothing runs then. */
export async function startOrchestratorHost(options: OrchestratorHostOptions): Promise<OrchestratorHost> {
  const { config, directory, paths, log } = options
  const binary = import('../../nats/binary').then(({ findNatsServer }) =>
    findNatsServer({ candidates: paths.natsServerCandidates, path: options.path ?? '' }),
  )
  const [tls, runDir, storeDir, stateDirectory] = await Promise.all([
    readOwnTls(config.Orchestrator.TLS),
    directory.folder('run'),
    directory.folder('state'),
    directory.folder('jobs'),
  ])
  await endEarlierRun(runDir, log)
  const starting = startBusOnFreePorts({ ...options, binary: binary.then(({ path }) => path), tls, runDir, storeDir })
  // While processes and threads start, this one has time to load what it needs when they are there.
  const running = import('../../orchestrator/orchestrator')
  const filing = import('../../orchestrator/archive/state-files')
  const linking = import('./orchestrator-links').then(({ openOrchestratorLinks }) => openOrchestratorLinks)
  const serving = import('../node-api')
  // All awaited below or by the host: a start that fails before must not be told twice.
  for (const promise of [binary, running, filing, linking, serving]) promise.catch(() => undefined)
  const { bus, notices } = await starting
  const current = { config }
  try {
    const openOrchestratorLinks = await linking
    const links = await openOrchestratorLinks({ server: bus.server, tls, markFile: join(stateDirectory, 'ledger-mark.json'), log })
    try {
      const orchestrator = await startRole(options, { current, bus, links, tls, stateDirectory, loaded: Promise.all([running, filing]) })
      links.watchServer(options.clock, (silentMs) => bus.replaceServer(`It has not answered for ${(silentMs / 1000).toFixed(1)} s.`))
      return hostOf({ current, bus, links, tls, orchestrator, notices })
    } catch (error) {
      await links.close()
      throw error
    }
  } catch (error) {
    await bus.stop()
    throw error
  }
}

/** What the role stands on. `current` is the configuration as it holds now. */
interface Ground {
  readonly current: { config: Config }
  readonly bus: Bus
  readonly links: OrchestratorLinks
  readonly tls: OwnTls | undefined
}

interface RoleStart extends Ground {
  readonly stateDirectory: string
  /** The modules of the role, which were loaded meanwhile. */
  readonly loaded: Promise<readonly [{ readonly startOrchestrator: typeof startOrchestrator }, { readonly stateFilesIn: typeof stateFilesIn }]>
}

/** Opens the state log and replays it. */
async function startRole(options: OrchestratorHostOptions, { current, bus, links, tls, stateDirectory, loaded }: RoleStart): Promise<Orchestrator> {
  const { config, clock, log } = options
  const { orchestrator, replayed } = await options.steps.run(
    'state-log',
    async () => {
      const [ledger, [{ startOrchestrator }, { stateFilesIn }]] = await Promise.all([
        links.openLedger(() => bus.replaceServer('It stores nothing any more since a write failed.')),
        loaded,
      ])
      const orchestrator = await startOrchestrator({
        nodeId: options.nodeId,
        config: { ...config.Orchestrator, JobDefaults: config.JobDefaults },
        stateFiles: stateFilesIn(stateDirectory),
        labels: config.Labels,
        links: { nodes: links.nodes },
        connections: links.connections,
        ledger,
        refusals: { list: () => bus.gate.refusals(), on: (listener) => bus.gate.onRefusal(() => listener()) },
        facts: () => ({ version: options.shoalVersion, startedAt: options.startedAt, nats: natsFacts(current.config, bus.server, tls) }),
        buildVersion: options.buildVersion,
        clock: { now: () => clock.now(), monotonic: () => clock.monotonicMs() },
        log,
      })
      return { orchestrator, replayed: ledger.lastSequence }
    },
    ({ replayed: records }) => `${records} ${records === 1 ? 'record' : 'records'}`,
  )
  log.debug('The state log was replayed.', { records: replayed })
  return orchestrator
}

interface Standing extends Ground {
  readonly orchestrator: Orchestrator
  readonly notices: readonly string[]
}

function hostOf({ current, bus, links, tls, orchestrator, notices }: Standing): OrchestratorHost {
  return {
    handlers: orchestrator.handlers,
    get nats() {
      const { port, websocketPort, pid } = bus.server
      return { host: listeningHost(current.config), port, ...(websocketPort === undefined ? {} : { websocketPort }), pid }
    },
    get tokenRequired() {
      return current.config.Orchestrator.Auth.Token !== ''
    },
    notices,
    ownDestination: () => ownDestination(bus.server, current.config, tls),
    reload: async (next) => {
      const before = current.config.Orchestrator.Auth.Token
      const token = next.Orchestrator.Auth.Token
      if (token !== before) await bus.gate.setTokens(tokensOf(token))
      orchestrator.reconfigure({ ...next.Orchestrator, JobDefaults: next.JobDefaults })
      current.config = next
      return token === before ? [] : ['Orchestrator.Auth.Token']
    },
    givenUp: Promise.race([bus.givenUp, orchestrator.givenUp]),
    stop: async () => {
      await orchestrator.stop()
      await links.close()
      await bus.stop()
    },
  }
}

/** What a crash left running in this folder would hold the port and the state log. */
async function endEarlierRun(runDir: string, log: Logger): Promise<void> {
  for (const { name, pid, outcome } of await endLeftovers(runDir)) {
    if (outcome !== 'gone') log.warn(`Found ${name} of an earlier run.`, { pid, outcome })
  }
}
