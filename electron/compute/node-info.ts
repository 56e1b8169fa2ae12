import { buildVersion } from '../../shared/bacalhau-version'
import type { NodeInfo } from '../../shared/models/node'
import type { Resources } from '../../shared/models/resources'
import { compact } from './machine/allocation'
import type { Offers } from './machine/offers'
import type { NodeLoad } from './queue/execution-queue'

/** What a node can do and how much of it. */
interface NodeFacts {
  readonly nodeId: string
  readonly labels: Readonly<Record<string, string>>
  readonly capacity: Resources
  readonly offers: Offers
  /** Undefined while nothing has ever run: then all of the capacity is free. */
  readonly load: NodeLoad | undefined
  /** `Compute.Network.AdvertisedAddress`; empty when not set. */
  readonly address: string
  readonly platform: string
  readonly arch: string
}

/** Bacalhau speaks both; an orchestrator that does not find `ncl/v1` here falls back to a protocol we do not speak. */
const SUPPORTED_PROTOCOLS: readonly string[] = ['bprotocol/v2', 'ncl/v1']

/** Bacalhau's NodeInfo of a compute node of ours. */
export function computeNodeInfo({ nodeId, labels, capacity, offers, load, address, platform, arch }: NodeFacts): NodeInfo {
  const all = compact(capacity)
  return {
    NodeID: nodeId,
    NodeType: 'Compute',
    Labels: { ...labels },
    SupportedProtocols: [...SUPPORTED_PROTOCOLS],
    ComputeNodeInfo: {
      ExecutionEngines: [...offers.engines],
      Publishers: [...offers.publishers],
      StorageSources: [...offers.storages],
      MaxCapacity: all,
      QueueCapacity: load?.queued ?? {},
      AvailableCapacity: load?.available ?? all,
      MaxJobRequirements: all,
      RunningExecutions: load?.running ?? 0,
      EnqueuedExecutions: load?.waiting ?? 0,
      address,
    },
    BacalhauVersion: buildVersion(platform, arch),
  }
}

/** Whether anything differs that an orchestrator is told by an update: all but free capacity and counts, which travel in heartbeats. */
export function staticInfoDiffers(before: NodeInfo, after: NodeInfo): boolean {
  return JSON.stringify(withoutLoad(before)) !== JSON.stringify(withoutLoad(after))
}

function withoutLoad(info: NodeInfo): NodeInfo {
  return {
    ...info,
    Labels: Object.fromEntries(Object.entries(info.Labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))),
    ComputeNodeInfo: { ...info.ComputeNodeInfo, AvailableCapacity: {}, QueueCapacity: {}, RunningExecutions: 0, EnqueuedExecutions: 0 },
  }
}
