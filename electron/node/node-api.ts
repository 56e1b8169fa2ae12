import type { Config } from '../../shared/config/schema'
import { maskConfig } from '../../shared/config/mask'
import type { NodeConnection } from '../../shared/http/routes'
import type { BuildVersion, NodeInfo } from '../../shared/models/node'
import type { Compute } from '../compute/start-compute'
import { agentHandlers } from '../http/agent-handlers'
import type { HandlersFor } from '../http/route-handlers'
import type { Logger } from '../log/logger'
import type { OrchestratorRoute } from '../orchestrator/orchestrator'
import { requesterInfo } from '../orchestrator/nodes/own-node'
import { type HostApi, serveHostApi } from './api'

/** `asked`: whether a key was set by somebody, and is no default. */
export interface NodeApiOptions {
  readonly nodeId: string
  /** The configuration as it is now. */
  readonly config: () => Config
  readonly asked: (key: string) => boolean
  readonly version: BuildVersion
  /** The routes that only an orchestrator serves. */
  readonly orchestrator: HandlersFor<OrchestratorRoute> | undefined
  readonly compute: Compute | undefined
  readonly log: Logger
}

/** The HTTP API of a node: what every node tells of itself, and of an orchestrator all the rest. */
export function serveNodeApi({ nodeId, config, asked, version, orchestrator, compute, log }: NodeApiOptions): Promise<HostApi> {
  const node = (): NodeInfo =>
    compute?.nodeInfo() ?? requesterInfo({ nodeId, buildVersion: version, labels: config().Labels, platform: process.platform, arch: process.arch })
  const servedBy = orchestrator === undefined ? 'every-node' : 'orchestrator'
  const everyNode = {
    ...agentHandlers({ version, node, maskedConfig: () => maskConfig(config()), servedBy }),
    shoalConnection: (): NodeConnection => compute?.describeConnection() ?? { connection: { kind: 'stopped' }, orchestrators: [] },
  }
  const common = { config: config().API, asked, version, log }
  return orchestrator === undefined
    ? serveHostApi({ ...common, servedBy: 'every-node', handlers: everyNode })
    : serveHostApi({ ...common, servedBy: 'orchestrator', handlers: { ...everyNode, ...orchestrator } })
}
