import { goArchitecture, goOperatingSystem } from '../../../shared/go-platform'
import type { BuildVersion, NodeInfo } from '../../../shared/models/node'

interface OwnNode {
  readonly nodeId: string
  readonly buildVersion: BuildVersion
  /** `Labels` of the configuration; those that Bacalhau sets itself win. */
  readonly labels?: Readonly<Record<string, string>>
  /** Node's `process.platform` and `process.arch`. */
  readonly platform: string
  readonly arch: string
}

/** How an orchestrator describes itself, in its own list and on `/api/v1/agent/node`. */
export function requesterInfo({ nodeId, buildVersion, labels, platform, arch }: OwnNode): NodeInfo {
  return {
    NodeID: nodeId,
    NodeType: 'Requester',
    Labels: { ...labels, name: nodeId, os_type: goOperatingSystem(platform), os_arch: goArchitecture(arch) },
    SupportedProtocols: ['bprotocol/v2', 'ncl/v1'],
    ComputeNodeInfo: {
      ExecutionEngines: null,
      Publishers: null,
      StorageSources: null,
      MaxCapacity: {},
      QueueCapacity: {},
      AvailableCapacity: {},
      MaxJobRequirements: {},
      RunningExecutions: 0,
      EnqueuedExecutions: 0,
      address: '',
    },
    BacalhauVersion: buildVersion,
  }
}
