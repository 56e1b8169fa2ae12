import { join } from 'node:path'
import type { NatsAddress } from '../../../shared/address'
import type { Config } from '../../../shared/config/schema'
import { AppError, type Failure } from '../../../shared/errors'
import type { BuildVersion } from '../../../shared/models/node'
import type { Destination } from '../../compute/connection/orchestrator-addresses'
import type { HandlersFor } from '../../http/route-handlers'
import type { Logger } from '../../log/logger'
import type { NatsServer } from '../../nats/nats-server'
import type { OrchestratorRoute } from '../../orchestrator/orchestrator'
import type { HostFacts } from '../../orchestrator/ports'
import type { Clock } from '../../process/clock'
import { endLeftovers } from '../../process/pid-record'
import { type Bus, startBus } from './bus'
import { choosePort, portRequests } from './choose-ports'
import type { DataDirectory } from '../data/data-directory'
import type { HostPaths } from '../host-paths'
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

/** So often a default port that was free a moment ago may be taken by somebody else before the server has it. */
const PORT_RACES = 5

/** Starts nats-server, the gate and the orchestrator role. Rejects with what could not be started; nothing runs then. */
export async function startOrchestratorHost(options: OrchestratorHostOptions): Promise<OrchestratorHost> {
  const { nodeId, directory, paths, clock, steps, log } = options
  let { config } = options
  const { Orchestrator: settings } = config
  const binary = import('../../nats/binary').then(({ findNatsServer }) =>
    findNatsServer({ candidates: paths.natsServerCandidates, path: options.path ?? '' }),
  )
  const [tls, runDir, storeDir, stateDirectory] = await Promise.all([
    readOwnTls(settings.TLS),
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
  try {
    const openOrchestratorLinks = await linking
    const links = await openOrchestratorLinks({ server: bus.server, tls, markFile: join(stateDirectory, 'ledger-mark.json'), log })
    try {
      const facts = (): HostFacts => ({ version: options.shoalVersion, startedAt: options.startedAt, nats: natsFacts(config, bus, tls) })
      const { orchestrator, replayed } = await steps.run(
        'state-log',
        async () => {
          const [ledger, { startOrchestrator }, { stateFilesIn }] = await Promise.all([
            links.openLedger(() => bus.replaceServer('It stores nothing any more since a write failed.')),
            running,
            filing,
          ])
          const orchestrator = await startOrchestrator({
            nodeId,
            config: { ...settings, JobDefaults: config.JobDefaults },
            stateFiles: stateFilesIn(stateDirectory),
            labels: config.Labels,
            links: { nodes: links.nodes },
            connections: links.connections,
            ledger,
            refusals: { list: () => bus.gate.refusals(), on: (listener) => bus.gate.onRefusal(() => listener()) },
            facts,
            buildVersion: options.buildVersion,
            clock: { now: () => clock.now(), monotonic: () => clock.monotonicMs() },
            log,
          })
          return { orchestrator, replayed: ledger.lastSequence }
        },
        ({ replayed: records }) => `${records} ${records === 1 ? 'record' : 'records'}`,
      )
      log.debug('The state log was replayed.', { records: replayed })
      links.watchServer(clock, (silentMs) => bus.replaceServer(`It has not answered for ${(silentMs / 1000).toFixed(1)} s.`))
      return {
        handlers: orchestrator.handlers,
        get nats() {
          const { port, websocketPort, pid } = bus.server
          return { host: listeningHost(config), port, ...(websocketPort === undefined ? {} : { websocketPort }), pid }
        },
        get tokenRequired() {
          return config.Orchestrator.Auth.Token !== ''
        },
        notices,
        ownDestination: () => ownDestination(bus.server, config, tls),
        reload: async (next) => {
          const before = config.Orchestrator.Auth.Token
          const token = next.Orchestrator.Auth.Token
          if (token !== before) await bus.gate.setTokens(tokensOf(token))
          orchestrator.reconfigure({ ...next.Orchestrator, JobDefaults: next.JobDefaults })
          config = next
          return token === before ? [] : ['Orchestrator.Auth.Token']
        },
        givenUp: Promise.race([bus.givenUp, orchestrator.givenUp]),
        stop: async () => {
          await orchestrator.stop()
          await links.close()
          await bus.stop()
        },
      }
    } catch (error) {
      await links.close()
      throw error
    }
  } catch (error) {
    await bus.stop()
    throw error
  }
}

/** What a crash left running in this folder would hold the port and the state log. */
async function endEarlierRun(runDir: string, log: Logger): Promise<void> {
  for (const { name, pid, outcome } of await endLeftovers(runDir)) {
    if (outcome !== 'gone') log.warn(`Found ${name} of an earlier run.`, { pid, outcome })
  }
}

interface BusStart extends OrchestratorHostOptions {
  readonly binary: Promise<string>
  readonly tls: OwnTls | undefined
  readonly runDir: string
  readonly storeDir: string
}

/** Between the look whether a port is free and the server's start somebody may take it; for a default port that is no error. */
async function startBusOnFreePorts(options: BusStart): Promise<{ readonly bus: Bus; readonly notices: readonly string[] }> {
  const { config, steps } = options
  const { Advertise, Auth, WebSocket, SupportReverseProxy } = config.Orchestrator
  const host = listeningHost(config)
  const requests = portRequests({ ...config.Orchestrator, Host: host }, options.asked)
  let after: { nats?: number; websocket?: number } = {}
  for (let race = 1; ; race += 1) {
    const chosen = await steps.run(
      'ports',
      async () => {
        const nats = await choosePort(requests.nats, after.nats)
        const websocket = requests.websocket === undefined ? undefined : await choosePort(requests.websocket, after.websocket)
        return { nats, websocket }
      },
      ({ nats, websocket }) => [`${nats.port} NATS`, ...(websocket === undefined ? [] : [`${websocket.port} WebSocket`])].join(', '),
    )
    const { nats, websocket } = chosen
    try {
      const bus = await steps.run(
        'nats-server',
        () =>
          startBus({
            ...options,
            gateWorker: options.paths.gateWorker,
            host,
            port: nats.port,
            advertise: Advertise,
            websocket:
              websocket === undefined || requests.websocket === undefined
                ? undefined
                : { host: requests.websocket.host, port: websocket.port, advertise: WebSocket.Advertise },
            supportReverseProxy: SupportReverseProxy,
            tokens: tokensOf(Auth.Token),
          }),
        ({ server }) => `${server.version}, pid ${server.pid}`,
      )
      return { bus, notices: [nats.notice, websocket?.notice].filter((notice) => notice !== undefined) }
    } catch (error) {
      const lost = error instanceof AppError && error.code === 'port.taken' ? error.details?.['key'] : undefined
      if (race >= PORT_RACES || lost === undefined) throw error
      if (lost === requests.nats.key && !requests.nats.asked) after = { ...after, nats: nats.port }
      else if (lost === requests.websocket?.key && !requests.websocket.asked && websocket !== undefined)
        after = { ...after, websocket: websocket.port }
      else throw error
    }
  }
}

function tokensOf(token: string): readonly string[] | 'open' {
  return token === '' ? 'open' : [token]
}

/** `Orchestrator.Host` as sockets take it; people also write IPv6 addresses in brackets. */
function listeningHost({ Orchestrator }: Config): string {
  return Orchestrator.Host.replace(/^\[(.*)\]$/, '$1')
}

function natsFacts(config: Config, { server }: Bus, tls: OwnTls | undefined): HostFacts['nats'] {
  const { Advertise, Auth, WebSocket } = config.Orchestrator
  const Host = listeningHost(config)
  const at = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    address: at(Host, server.port),
    ...(server.websocketPort === undefined ? {} : { websocketAddress: WebSocket.Advertise || at(WebSocket.Host || Host, server.websocketPort) }),
    ...(Advertise === '' ? {} : { advertised: Advertise }),
    tls: tls !== undefined,
    tokenRequired: Auth.Token !== '',
  }
}

/** The way of the same process' compute role: over the loopback address, with the token as it is now. */
function ownDestination({ host, port }: Pick<NatsServer, 'host' | 'port'>, { Orchestrator }: Config, tls: OwnTls | undefined): Destination {
  const address: NatsAddress = { scheme: tls === undefined ? 'nats' : 'tls', host, port }
  return {
    addresses: [address],
    token: Orchestrator.Auth.Token,
    caFile: Orchestrator.TLS.CACert || (tls?.ca === undefined ? '' : tls.certFile),
    requireTls: false,
    ...(tls?.serverName === undefined ? {} : { serverName: tls.serverName }),
  }
}
