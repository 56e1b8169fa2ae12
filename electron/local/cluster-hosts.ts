import path from 'node:path'
import type { HostReport } from '../../shared/host-report'
import type { Logger } from '../log/logger'
import type { Clock } from '../process/clock'
import { pidRecordPath } from '../process/pid-record'
import { patientRestarts, type RestartPolicy } from '../process/restart-policy'
import type { ClusterFolder } from './cluster-folder'
import { computeArguments } from './host-arguments'
import { hostEnvironment } from './host-environment'
import type { HostLauncher, HostRequest } from './host-launcher'
import { superviseHost, type SupervisedHost } from './supervised-host'

/** All nodes of a cluster wait for its orchestrator, so it comes back at once; a compute node leaves time to see that it died. */
const orchestratorRestarts: RestartPolicy = patientRestarts
const computeRestarts: RestartPolicy = { firstDelayMs: 2_000, maxDelayMs: 30_000, healthyAfterMs: 60_000, maxAttempts: 8 }

/** Together within the deadline of a quit: compute nodes are stopped before the orchestrator. */
const STOP_GRACE_MS = { orchestrator: 2_500, compute: 1_500 } as const
/** An orchestrator replays its log before it is ready. */
const READY_TIMEOUT_MS = { orchestrator: 60_000, compute: 20_000 } as const

export type NodeRole = 'orchestrator' | 'compute'

export interface ClusterHostsOptions {
  readonly folder: ClusterFolder
  readonly launcher: HostLauncher
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Logger
  readonly orchestrator: string
  /** Asked at each start of the orchestrator's host. */
  readonly orchestratorArguments: () => Promise<readonly string[]>
  readonly onReport: (node: string, role: NodeRole, report: HostReport) => void
  readonly onChange: () => void
}

/** The role hosts of one cluster, by node. */
export interface ClusterHosts {
  readonly orchestrator: SupervisedHost
  /** Compute nodes in order of their making. */
  readonly compute: ReadonlyMap<string, SupervisedHost>
  addCompute(name: string): SupervisedHost
  dropCompute(name: string): void
}

export function createClusterHosts(options: ClusterHostsOptions): ClusterHosts {
  const { folder, launcher, clock, log, onChange } = options
  const compute = new Map<string, SupervisedHost>()
  const env = hostEnvironment(options.env)
  const request = (name: string, role: NodeRole, args: readonly string[]): HostRequest => ({
    name,
    args,
    env,
    cwd: folder.dataDir({ name, role }),
    pidRecord: pidRecordPath(hostRecords(folder), name),
  })
  const host = (name: string, role: NodeRole, args: () => Promise<readonly string[]>): SupervisedHost =>
    superviseHost({
      name: role === 'orchestrator' ? `The orchestrator ${name}` : `Node ${name}`,
      launcher,
      request: async () => request(name, role, await args()),
      restart: role === 'orchestrator' ? orchestratorRestarts : computeRestarts,
      readyTimeoutMs: READY_TIMEOUT_MS[role],
      stopGraceMs: STOP_GRACE_MS[role],
      clock,
      log,
      onReport: (report) => options.onReport(name, role, report),
      onChange,
    })
  return {
    orchestrator: host(options.orchestrator, 'orchestrator', options.orchestratorArguments),
    compute,
    addCompute: (name) => {
      const added = host(name, 'compute', () => Promise.resolve(computeArguments({ name, dataDir: folder.dataDir({ name, role: 'compute' }) })))
      compute.set(name, added)
      return added
    },
    dropCompute: (name) => {
      compute.delete(name)
    },
  }
}

/** Where pids of hosts are written down; apart from what the hosts themselves keep. */
export function hostRecords(folder: ClusterFolder): string {
  return path.join(folder.root, 'hosts')
}
