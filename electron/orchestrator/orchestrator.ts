import { parseDuration } from '../../shared/duration'
import type { Failure } from '../../shared/errors'
import type { BuildVersion } from '../../shared/models/node'
import type { HandlersFor } from '../http/route-handlers'
import type { Ledger } from '../ledger/ledger'
import type { Logger } from '../log/logger'
import type { NatsLink } from '../transport/link'
import { authHandlers } from './auth-handlers'
import { startConnectionWatch } from './connection-watch'
import { startControlPlane } from './control-plane'
import { createDataPlane } from './data-plane'
import { FactsPoll } from './facts-poll'
import { Feed } from './feed'
import { feedHandlers } from './feed-handlers'
import { createJournal, replayJournal } from './journal'
import { startLegacyRefusal } from './legacy-registration'
import type { NodeChange } from './node-changes'
import { nodeHandlers } from './node-handlers'
import { Membership } from './node-membership'
import { NodeTable } from './node-table'
import { requesterInfo } from './own-node'
import type { Clock, Connections, HostFacts, Refusals } from './ports'
import { Registry } from './registry'
import { startRequestsPlane } from './requests-plane'
import { Sessions } from './sessions'
import { SocketTable } from './socket-table'

/** What of `Orchestrator` in the configuration concerns the nodes; durations in Go's spelling. */
export interface NodeManagerConfig {
  readonly NodeManager: { readonly DisconnectTimeout: string; readonly ManualApproval: boolean }
}

export interface StartOrchestratorOptions {
  readonly nodeId: string
  readonly config: NodeManagerConfig
  /** `Labels` of the configuration. */
  readonly labels?: Readonly<Record<string, string>>
  /** Connection in the nodes' account, allowed all of its subjects. */
  readonly links: { readonly nodes: NatsLink }
  readonly connections: Connections
  readonly ledger: Ledger
  readonly refusals: Refusals
  readonly facts: () => HostFacts
  readonly buildVersion: BuildVersion
  readonly clock: Clock
  readonly log: Logger
}

export type OrchestratorRoute = 'authMethods' | 'authMethod' | 'authenticate' | 'listNodes' | 'getNode' | 'updateNode' | 'shoalNodes' | 'shoalEvents'

export interface Orchestrator {
  readonly handlers: HandlersFor<OrchestratorRoute>
  /** Takes over a changed configuration, without a restart. */
  reconfigure(config: NodeManagerConfig): void
  /** Resolves with the reason when it cannot go on, because its state belongs to another orchestrator by now, or is gone. */
  readonly givenUp: Promise<Failure>
  /** Keeps what is to be remembered of the nodes (a second at most), then lets go of all subjects. Ledger and links stay the caller's. */
  stop(): Promise<void>
}

/** How long the end of the orchestrator waits for the ledger. Milliseconds. */
const farewellMs = 1000

/**
 * Starts the orchestrator role, its node side: replays the ledger, then answers nodes. The handlers may serve as soon as this resolves.
 * @throws AppError `ledger.…` when the ledger cannot be read
 */
export async function startOrchestrator(options: StartOrchestratorOptions): Promise<Orchestrator> {
  const { nodeId, connections, ledger, refusals, clock, log } = options
  const link = options.links.nodes
  let config = readConfig(options.config)

  const registry = new Registry()
  await replayJournal(ledger, registry)
  const journal = createJournal(ledger, registry)
  const remember = (changes: readonly NodeChange[]): Promise<void> =>
    journal.commit(changes).catch((error: unknown) => log.warn('How nodes were last seen could not be kept', { nodes: changes.length, error }))

  const sockets = new SocketTable()
  const startedAt = clock.now()
  const disconnectTimeoutMs = (): number => config.disconnectTimeoutMs
  const own = requesterInfo({ ...options, platform: process.platform, arch: process.arch })
  const table = new NodeTable({ registry, sockets, own, startedAt, disconnectTimeoutMs })
  const dataPlane = createDataPlane(link, log, (id, { type, sequence }) => {
    log.info('A message about work that this orchestrator does not know of is taken and dropped', { node: id, type, sequence })
    if (sequence !== undefined) sessions.tookMessage(id, sequence)
    return Promise.resolve()
  })
  const sessions = new Sessions({ table, dataPlane, clock, disconnectTimeoutMs, remember: (change) => void remember([change]) })
  const watch = await startConnectionWatch({ connections, link, sockets, table, sessions, clock, log })
  const membership = new Membership({
    registry,
    table,
    journal,
    sessions,
    clock,
    log,
    ownId: nodeId,
    manualApproval: () => config.manualApproval,
    lastSequence: () => ledger.lastSequence,
    begun: (id, arrivedAt) => watch.handshakeDone(id, arrivedAt),
  })

  const factsPoll = new FactsPoll({ nodeId, host: options.facts, connections, refusals, clock, log })
  const feed = new Feed({ table, facts: () => factsPoll.current() })
  factsPoll.start(feed, table, sockets)
  const unlisten = refusals.on(() => feed.factsChanged())
  const planes = [startControlPlane({ link, log, membership, sessions }), startRequestsPlane(link, log), startLegacyRefusal(link)]

  await link.flush()

  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    for (const plane of planes) plane.stop()
    unlisten()
    factsPoll.stop()
    watch.stop()
    sessions.stop()
    feed.stop()
    await Promise.race([remember(sessions.farewell()), new Promise((resolve) => setTimeout(resolve, farewellMs).unref())])
    dataPlane.stop()
  }

  return {
    handlers: { ...authHandlers(nodeId), ...nodeHandlers(table, membership), ...feedHandlers(feed, () => factsPoll.freshen()) },
    reconfigure: (changed) => {
      config = readConfig(changed)
    },
    givenUp: journal.over,
    stop: () => (stopped ??= stop()),
  }
}

function readConfig({ NodeManager }: NodeManagerConfig): { readonly disconnectTimeoutMs: number; readonly manualApproval: boolean } {
  return { disconnectTimeoutMs: parseDuration(NodeManager.DisconnectTimeout), manualApproval: NodeManager.ManualApproval }
}
