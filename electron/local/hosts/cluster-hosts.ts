import { patientRestarts, type RestartPolicy } from '../../process/restart-policy'
import { createComputeHosts, superviseNode, type ComputeHosts, type HostsOptions } from './compute-hosts'
import type { SupervisedHost } from './supervised-host'

/** All nodes of a cluster wait for its orchestrator, so it comes back at once. */
const restart: RestartPolicy = patientRestarts
/** Together with the compute nodes, which are stopped before it, within the deadline of a quit. */
const STOP_GRACE_MS = 2_500
/** It replays its log before it is ready. */
const READY_TIMEOUT_MS = 60_000

/** What the hosts of a cluster of this machine are made with. */
interface ClusterHostsOptions extends HostsOptions {
  readonly orchestrator: string
  /** Asked at each start of the orchestrator's host. */
  readonly orchestratorArguments: () => Promise<readonly string[]>
}

/** The role hosts of one cluster of this machine. */
export interface ClusterHosts extends ComputeHosts {
  readonly orchestrator: SupervisedHost
}

/** Makes the hosts; none is started. */
export function createClusterHosts(options: ClusterHostsOptions): ClusterHosts {
  const { orchestrator, orchestratorArguments } = options
  const plan = { name: orchestrator, role: 'orchestrator', args: orchestratorArguments, restart } as const
  return {
    orchestrator: superviseNode(options, { ...plan, readyTimeoutMs: READY_TIMEOUT_MS, stopGraceMs: STOP_GRACE_MS }),
    ...createComputeHosts(options),
  }
}
