import path from 'node:path'
import type { HostReport } from '../../../shared/host-report'
import type { Logger } from '../../log/logger'
import type { Clock } from '../../process/clock'
import { pidRecordPath } from '../../process/pid-record'
import type { RestartPolicy } from '../../process/restart-policy'
import type { ClusterFolder } from '../files/cluster-folder'
import { computeArguments } from './host-arguments'
import { hostEnvironment } from './host-environment'
import type { HostLauncher, HostRequest } from './host-launcher'
import { superviseHost, type SupervisedHost } from './supervised-host'

/** What a role host runs. */
export type NodeRole = 'orchestrator' | 'compute'

/** What hosts of a cluster's folder are started with. */
export interface HostsOptions {
  readonly folder: ClusterFolder
  readonly launcher: HostLauncher
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Logger
  readonly onReport: (node: string, role: NodeRole, report: HostReport) => void
  readonly onChange: () => void
}

/** How one host is started and stopped. */
interface HostPlan {
  readonly name: string
  readonly role: NodeRole
  /** Asked at each start. */
  readonly args: () => Promise<readonly string[]>
  readonly restart: RestartPolicy
  readonly readyTimeoutMs: number
  readonly stopGraceMs: number
}

/** A role host of a node whose data lie in a cluster's folder. */
export function superviseNode({ folder, launcher, env, clock, log, onReport, onChange }: HostsOptions, plan: HostPlan): SupervisedHost {
  const { name, role, args, restart, readyTimeoutMs, stopGraceMs } = plan
  const kept = hostEnvironment(env)
  const request = async (): Promise<HostRequest> => ({
    name,
    args: await args(),
    env: kept,
    cwd: folder.dataDir({ name, role }),
    pidRecord: pidRecordPath(hostRecords(folder), name),
  })
  return superviseHost({
    name: role === 'orchestrator' ? `The orchestrator ${name}` : `Node ${name}`,
    launcher,
    request,
    restart,
    readyTimeoutMs,
    stopGraceMs,
    clock,
    log,
    onReport: (report) => onReport(name, role, report),
    onChange,
  })
}

/** The hosts of compute nodes in order of their making. */
export interface ComputeHosts {
  readonly compute: ReadonlyMap<string, SupervisedHost>
  addCompute(name: string): SupervisedHost
  dropCompute(name: string): void
}

/** A compute node leaves time to see that it died. */
const restart: RestartPolicy = { firstDelayMs: 2_000, maxDelayMs: 30_000, healthyAfterMs: 60_000, maxAttempts: 8 }
const READY_TIMEOUT_MS = 20_000
/** Within the deadline of a quit, which also has an orchestrator to stop after that. */
const STOP_GRACE_MS = 1_500

/** No hosts yet; those that are added are not started. */
export function createComputeHosts(options: HostsOptions): ComputeHosts {
  const compute = new Map<string, SupervisedHost>()
  return {
    compute,
    addCompute: (name) => {
      const dataDir = options.folder.dataDir({ name, role: 'compute' })
      const args = (): Promise<readonly string[]> => Promise.resolve(computeArguments({ name, dataDir }))
      const added = superviseNode(options, { name, role: 'compute', args, restart, readyTimeoutMs: READY_TIMEOUT_MS, stopGraceMs: STOP_GRACE_MS })
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
