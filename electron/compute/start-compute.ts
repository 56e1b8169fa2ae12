import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../shared/config/schema'
import { parseDuration } from '../../shared/duration'
import type { ComputeConnection, NodeConnection } from '../../shared/http/routes'
import type { NodeInfo } from '../../shared/models/node'
import type { Resources } from '../../shared/models/resources'
import type { Logger } from '../log/logger'
import type { CompanionLauncher } from '../process/companion'
import { allocate, type Machine } from './machine/allocation'
import type { ConnectionClock } from './connection/connection'
import { createExecutionsLoader } from './executions-loader'
import { findGpus } from './machine/gpus'
import { joinOrchestrator } from './connection/join-orchestrator'
import { nodeLabels } from './machine/labels'
import { freeSpace, measureMachine } from './machine/measure'
import { computeNodeInfo } from './node-info'
import { offersOf } from './machine/offers'
import { type Destination, destinationOf, dialDestination, displayAddresses } from './connection/orchestrator-addresses'
import { listenForLogs } from './serve-logs'
import { hostAndPort, ownAddressTowards } from './connection/own-address'

interface StartComputeOptions {
  readonly nodeId: string
  readonly config: Pick<Config, 'Compute' | 'Labels' | 'Engines' | 'InputSources' | 'Publishers' | 'JobAdmissionControl'>
  /** Whether a key was set by anybody. */
  readonly asked: (key: string) => boolean
  /** Where to go instead of `Compute.Orchestrators`: a node with both roles joins its own orchestrator. */
  readonly destination?: Destination
  /** Whose disk is measured, and where executions are kept (`compute/` in it). */
  readonly dataDir: string
  /** Starts the process of an engine. */
  readonly launch: CompanionLauncher
  /** The environment of this process: jobs may see what `Compute.Env.AllowList` names. */
  readonly hostEnv: Readonly<Record<string, string | undefined>>
  readonly shoalVersion: string
  /** `process.platform`, `process.arch`, `process.env.PATH`. */
  readonly platform: string
  readonly arch: string
  readonly path: string | undefined
  /** When this process began, Unix ms. */
  readonly startedAt: number
  readonly clock: ConnectionClock
  readonly random: () => number
  readonly log: Logger
}

/** More room than was measured is told of when it is so many times as much: no message for every file that somebody removes. */
const NOTEWORTHY_GROWTH = 1.1

/** The compute role of a node. */
export interface Compute {
  readonly connection: ComputeConnection
  describeConnection(): NodeConnection
  onChange(listener: (connection: ComputeConnection) => void): () => void
  nodeInfo(): NodeInfo
  /** Takes over another destination (addresses, token, TLS): connects anew when it differs. */
  redirect(destination: Destination): void
  /** Shutdown notice (at most a second), then the end of the connection. Never rejects. */
  readonly stop: () => Promise<void>
}

/** What runs executions is loaded while the orchestrator still thinks about the handshake: work may wait for this node. */
const PRELOAD_AFTER_MS = 3
const loadExecutions = () => import('./executions/start-executions')
const preloadExecutions = async (): Promise<void> => {
  await loadExecutions()
  const { rehearse } = await import('./executions/rehearse')
  // Behind the handshake's answer, if that is here.
  setImmediate(rehearse)
}

/** The port for results is looked at when a node has settled: that takes the processor from what waits for the node. */
const LOOK_AT_PORT_MS = 500

/** Where the ledger of executions is; told here so that a start need not load what opens it. */
const EXECUTION_LEDGER = join('executions', 'ledger', 'CURRENT')

/**
 * Starts the compute role. Does not wait for an orchestrator: the connection is made, and made again, in the background.
 * @throws AppError for a configuration that can never work (`config.invalid`, `address.*`)
 */
export async function startCompute(options: StartComputeOptions): Promise<Compute> {
  const { nodeId, config, clock, log } = options
  const { AllocatedCapacity, Heartbeat, Network } = config.Compute
  let destination = options.destination ?? destinationOf(config.Compute)
  let machine: Machine = { CPU: 0, Memory: 0, Disk: 0, GPUs: [] }
  const offers = offersOf(config)
  const capacity = (): Resources => allocate(machine, AllocatedCapacity)
  let allowed = capacity()
  const describe = (): NodeInfo =>
    computeNodeInfo({
      nodeId,
      labels: nodeLabels({ ...options, configured: config.Labels, gpus: machine.GPUs }),
      capacity: allowed,
      offers,
      load: executions.current?.load,
      address: Network.AdvertisedAddress,
      platform: options.platform,
      arch: options.arch,
    })
  const measured = measureMachine(options.dataDir).then((found) => {
    machine = found
    allowed = capacity()
    executions.current?.capacityChanged()
  })

  /** Room that comes later is offered: a node that was started on a full disk is not full for ever. What jobs fill is theirs already. */
  const lookForRoom = async (): Promise<void> => {
    const Disk = await freeSpace(options.dataDir)
    if (Disk < machine.Disk * NOTEWORTHY_GROWTH || Disk === 0) return
    machine = { ...machine, Disk }
    allowed = capacity()
    executions.current?.capacityChanged()
    connection.infoChanged()
  }
  const infoIntervalMs = parseDuration(Heartbeat.InfoUpdateInterval)
  const looks = setInterval(() => {
    lookForRoom().catch((error: unknown) => log.debug('The room on the disk could not be measured.', { error }))
  }, infoIntervalMs)
  looks.unref()

  const computeDir = join(options.dataDir, 'compute')
  let preload: NodeJS.Timeout | undefined
  let towardsOrchestrator: string | undefined
  let portLook: NodeJS.Timeout | undefined
  const lookAtResultPort = (): void => {
    const { Port } = config.Publishers.Types.Local
    import('./publishers/result-port').then(
      ({ warnOfTakenPort }) => warnOfTakenPort(Port, options.asked('Publishers.Types.Local.Port'), log),
      (error: unknown) => log.debug('The port for results could not be looked at.', { error }),
    )
  }
  const side = joinOrchestrator({
    ...options,
    dial: async () => {
      const [link] = await Promise.all([dialDestination(nodeId, destination, log), measured])
      preload ??= setTimeout(() => void preloadExecutions().catch(() => undefined), PRELOAD_AFTER_MS) // The first execution tells why.
      return link
    },
    configured: () => displayAddresses(destination),
    info: describe,
    capacity: () => allowed,
    executions: ({ tell, onLoad, onLoaded }) =>
      createExecutionsLoader({
        left: () => isThere(join(computeDir, EXECUTION_LEDGER)),
        start: async () => {
          const [{ startExecutions }] = await Promise.all([loadExecutions(), measured.then(lookForRoom)])
          return startExecutions({
            ...options,
            computeDir,
            towardsOrchestrator: () => towardsOrchestrator,
            max: () => allowed,
            tell,
            onLoad,
            now: () => clock.now(),
          })
        },
        onLoaded,
        log,
      }),
    serve: (link) => listenForLogs(link, { nodeId, executions, log }),
    onConnected: (link) => {
      if (offers.publishers.includes('local')) portLook ??= setTimeout(lookAtResultPort, LOOK_AT_PORT_MS)
      const place = hostAndPort(link.server?.address ?? '')
      if (place !== undefined) void ownAddressTowards(place.host, place.port).then((address) => (towardsOrchestrator = address))
    },
    heartbeatIntervalMs: parseDuration(Heartbeat.Interval),
    infoIntervalMs,
  })
  const { connection, executions } = side
  connection.start()
  try {
    await measured
  } catch (error) {
    clearInterval(looks)
    await connection.stop()
    throw error
  }
  void findGpus(options.path).then((GPUs) => {
    if (GPUs.length === 0) return
    machine = { ...machine, GPUs }
    allowed = capacity()
    executions.current?.capacityChanged()
    log.info('Found GPUs.', { gpus: GPUs.map(({ Name }) => Name) })
    connection.infoChanged()
  })

  return {
    get connection() {
      return connection.state
    },
    describeConnection: () => connection.describe(),
    onChange: (listener) => connection.onChange(listener),
    nodeInfo: describe,
    redirect: (next) => {
      if (JSON.stringify(next) === JSON.stringify(destination)) return
      destination = next
      connection.reconfigure()
    },
    stop: async () => {
      clearInterval(looks)
      clearTimeout(preload)
      clearTimeout(portLook)
      await side.stop()
    },
  }
}

function isThere(path: string): Promise<boolean> {
  return fs.access(path).then(
    () => true,
    () => false,
  )
}
