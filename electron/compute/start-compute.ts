import type { Config } from '../../shared/config/schema'
import { parseDuration } from '../../shared/duration'
import type { ComputeConnection, NodeConnection } from '../../shared/http/routes'
import type { NodeInfo } from '../../shared/models/node'
import { goTime } from '../../shared/wire/times'
import type { Logger } from '../log/logger'
import { allocate, type Machine } from './allocation'
import { type ConnectionClock, createConnection } from './connection'
import { findGpus } from './gpus'
import { nodeLabels } from './labels'
import { measureMachine } from './measure'
import { computeNodeInfo } from './node-info'
import { type Destination, destinationOf, dialDestination, displayAddresses } from './orchestrator-addresses'
import { createTalk } from './orchestrator-talk'
import { createPosition } from './position'
import { createResults } from './results'
import { createMessageTaker } from './take-messages'

export interface StartComputeOptions {
  readonly nodeId: string
  readonly config: Pick<Config, 'Compute' | 'Labels'>
  /** Where to go instead of `Compute.Orchestrators`: a node with both roles joins its own orchestrator. */
  readonly destination?: Destination
  /** Whose disk is measured. */
  readonly dataDir: string
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

/**
 * Starts the compute role. Does not wait for an orchestrator: the connection is made, and made again, in the background.
 * @throws AppError for a configuration that can never work (`config.invalid`, `address.*`)
 */
export async function startCompute(options: StartComputeOptions): Promise<Compute> {
  const { nodeId, config, clock, log } = options
  const { AllocatedCapacity, Heartbeat, Network } = config.Compute
  let destination = options.destination ?? destinationOf(config.Compute)
  let machine: Machine = { CPU: 0, Memory: 0, Disk: 0, GPUs: [] }
  let info: NodeInfo
  const describe = (): void => {
    info = computeNodeInfo({
      nodeId,
      labels: nodeLabels({ ...options, configured: config.Labels, gpus: machine.GPUs }),
      capacity: allocate(machine, AllocatedCapacity),
      address: Network.AdvertisedAddress,
      platform: options.platform,
      arch: options.arch,
    })
  }
  describe()
  const measured = measureMachine(options.dataDir).then((found) => {
    machine = found
    describe()
  })

  const position = createPosition()
  const results = createResults(nodeId, log)
  const connection = createConnection({
    nodeId,
    dial: async () => (await Promise.all([dialDestination(nodeId, destination, log), measured]))[0],
    configured: () => displayAddresses(destination),
    talk: createTalk(nodeId, goTime(options.startedAt)),
    info: () => info,
    load: () => ({ available: info.ComputeNodeInfo.AvailableCapacity ?? {}, queued: info.ComputeNodeInfo.QueueCapacity ?? {} }),
    position,
    listen: createMessageTaker({ nodeId, position, answer: (outgoing) => results.send(outgoing), now: () => clock.now(), log }),
    onConnected: (link) => results.connected(link),
    heartbeatIntervalMs: parseDuration(Heartbeat.Interval),
    infoIntervalMs: parseDuration(Heartbeat.InfoUpdateInterval),
    clock,
    random: options.random,
    log,
  })
  connection.start()
  try {
    await measured
  } catch (error) {
    await connection.stop()
    throw error
  }
  void findGpus(options.path).then((GPUs) => {
    if (GPUs.length === 0) return
    machine = { ...machine, GPUs }
    describe()
    log.info('Found GPUs.', { gpus: GPUs.map(({ Name }) => Name) })
    connection.infoChanged()
  })

  return {
    get connection() {
      return connection.state
    },
    describeConnection: () => connection.describe(),
    onChange: (listener) => connection.onChange(listener),
    nodeInfo: () => info,
    redirect: (next) => {
      if (JSON.stringify(next) === JSON.stringify(destination)) return
      destination = next
      connection.reconfigure()
    },
    stop: async () => {
      results.stop()
      await connection.stop()
    },
  }
}
