import type { Failure } from '../../shared/errors'
import type { BuildVersion } from '../../shared/models/node'
import type { HandlersFor } from '../http/route-handlers'
import type { TrimmableLedger } from '../ledger/ledger'
import type { Logger } from '../log/logger'
import type { NatsLink } from '../transport/link'
import { authHandlers } from './api/auth-handlers'
import { startConnectionWatch } from './membership/connection-watch'
import { startControlPlane } from './planes/control-plane'
import { createDataPlane } from './dispatch/data-plane'
import { positionAfter } from './dispatch/dispatch'
import { FactsPoll } from './feed/facts-poll'
import { Feed } from './feed/feed'
import { feedHandlers } from './api/feed-handlers'
import { Keeper } from './archive/keeper'
import type { KeepingPace } from './archive/keeper'
import { settledOn } from './archive/settled'
import type { StateFiles } from './archive/state-files'
import { jobHandlers } from './api/job-handlers'
import type { JobRoute } from './api/job-handlers'
import { createJobSide } from './job-side'
import type { JobSide } from './job-side'
import { randomIds } from './jobs/job-ids'
import type { JobIds } from './jobs/job-ids'
import { createJournal } from './nodes/journal'
import { startLegacyRefusal } from './planes/legacy-registration'
import type { NodeChange } from './nodes/node-changes'
import { nodeHandlers } from './api/node-handlers'
import { Membership } from './membership/node-membership'
import { NodeTable } from './nodes/node-table'
import { requesterInfo } from './nodes/own-node'
import type { Clock, Connections, HostFacts, Refusals } from './ports'
import { startRequestsPlane } from './planes/requests-plane'
import { Sessions } from './membership/sessions'
import { readSettings } from './settings'
import type { OrchestratorConfig } from './settings'
import { SocketTable } from './presence/socket-table'
import { readStoredState } from './stored-records'

/** What the role is started with: its links, its ledger, its clock. */
export interface StartOrchestratorOptions {
  readonly nodeId: string
  readonly config: OrchestratorConfig
  /** `Labels` of the configuration. */
  readonly labels?: Readonly<Record<string, string>>
  /** Connection in the nodes' account, allowed all of its subjects. */
  readonly links: { readonly nodes: NatsLink }
  readonly connections: Connections
  readonly ledger: TrimmableLedger
  /** What is kept of jobs beside the ledger. */
  readonly stateFiles: StateFiles
  readonly refusals: Refusals
  readonly facts: () => HostFacts
  readonly buildVersion: BuildVersion
  readonly clock: Clock
  /** Names of jobs and executions. */
  readonly ids?: JobIds
  /** In [0, 1). */
  readonly random?: () => number
  /** How often ended jobs are put away. */
  readonly keeping?: KeepingPace
  readonly log: Logger
}

/** The routes that an orchestrator serves beside those of every node. */
export type OrchestratorRoute =
  JobRoute | 'authMethods' | 'authMethod' | 'authenticate' | 'listNodes' | 'getNode' | 'updateNode' | 'shoalNodes' | 'shoalNode' | 'shoalEvents'

/** The orchestrator role of a node. */
export interface Orchestrator {
  readonly handlers: HandlersFor<OrchestratorRoute>
  readonly jobs: Pick<JobSide, 'core' | 'books' | 'dispatcher'>
  /** Takes over a changed configuration, without a restart. */
  reconfigure(config: OrchestratorConfig): void
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
  const { nodeId, connections, ledger, refusals, clock, log, ids = randomIds, random = Math.random } = options
  const link = options.links.nodes
  let config = readSettings(options.config)

  const { registry, jobs: stored, checkpoint, ...rest } = await readStoredState(ledger, options.stateFiles)
  let { archive } = rest
  const journal = createJournal(ledger, registry)
  const remember = (changes: readonly NodeChange[]): Promise<void> =>
    journal.commit(changes).catch((error: unknown) => log.warn('How nodes were last seen could not be kept', { nodes: changes.length, error }))

  const sockets = new SocketTable()
  const startedAt = clock.now()
  const disconnectTimeoutMs = (): number => config.disconnectTimeoutMs
  const own = requesterInfo({ ...options, platform: process.platform, arch: process.arch })
  const table = new NodeTable({ registry, sockets, own, startedAt, disconnectTimeoutMs, work: (id) => jobs.work(id) })
  const dataPlane = createDataPlane(link, log, async (id, message) => {
    await jobs.take(id, message)
    if (message.sequence !== undefined) sessions.tookMessage(id, message.sequence)
  })
  const jobs = createJobSide({
    link,
    table,
    sockets,
    clock,
    log,
    stored,
    append: (record) => journal.append(record),
    reload: async () => {
      archive.close()
      const again = await readStoredState(ledger, options.stateFiles)
      archive = again.archive
      return again.jobs
    },
    limits: () => config.scheduler,
    mostTries: () => config.mostTries,
    disconnectTimeoutMs,
    ids,
    random,
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
    lastSequence: () => positionAfter(ledger.lastSequence),
    begun: (id, arrivedAt, position) => {
      watch.handshakeDone(id, arrivedAt)
      jobs.connected(id, position)
    },
  })

  const factsPoll = new FactsPoll({ nodeId, host: options.facts, connections, refusals, clock, log })
  const feed = new Feed({ table, facts: () => factsPoll.current() })
  factsPoll.start(feed, table, sockets)
  const unlisten = refusals.on(() => feed.factsChanged())
  const planes = [
    startControlPlane({ link, log, membership, sessions, reconcile: (holdings) => jobs.reconcile(holdings) }),
    startRequestsPlane(link, log),
    startLegacyRefusal(link),
  ]

  const keeper = new Keeper(
    {
      files: options.stateFiles,
      archive: () => archive,
      ledger,
      core: jobs.core,
      state: () => jobs.core.fold,
      messages: () => jobs.dispatcher.messages,
      registry,
      isSettled: settledOn(table, () => jobs.dispatcher.messages),
      retention: () => config.retention,
      now: () => clock.now(),
      log,
      ...options.keeping,
    },
    checkpoint,
  )

  await link.flush()
  jobs.start()

  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    for (const plane of planes) plane.stop()
    await keeper.stop()
    jobs.stop()
    unlisten()
    factsPoll.stop()
    watch.stop()
    sessions.stop()
    feed.stop()
    await Promise.race([remember(sessions.farewell()), new Promise((resolve) => setTimeout(resolve, farewellMs).unref())])
    dataPlane.stop()
    archive.close()
  }

  return {
    handlers: {
      ...authHandlers(nodeId),
      ...nodeHandlers(table, membership),
      ...feedHandlers(feed, () => factsPoll.freshen()),
      ...jobHandlers({ jobs, clock, log, nodeId, defaults: () => config.jobDefaults, newId: ids.job }),
    },
    reconfigure: (changed) => {
      config = readSettings(changed)
    },
    jobs,
    givenUp: journal.over,
    stop: () => (stopped ??= stop()),
  }
}
