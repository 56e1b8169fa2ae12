import { buildVersion } from '../../shared/bacalhau-version'
import type { NodeInfo } from '../../shared/models/node'
import type { Resources } from '../../shared/models/resources'
import { compact } from './allocation'

/** What a node can do and how much of it. */
export interface NodeFacts {
  readonly nodeId: string
  readonly labels: Readonly<Record<string, string>>
  readonly capacity: Resources
  /** `Compute.Network.AdvertisedAddress`; empty when not set. */
  readonly address: string
  readonly platform: string
  readonly arch: string
}

/** Bacalhau speaks both; an orchestrator that does not find `ncl/v1` here falls back to a protocol we do not speak. */
export const SUPPORTED_PROTOCOLS: readonly string[] = ['bprotocol/v2', 'ncl/v1']

/** The engine that every node of ours is for. */
const ENGINES: readonly string[] = ['wasm']
/** Where results may go and inputs may come from: a node names only what it can really fetch and hand out, which is nothing yet. */
const PUBLISHERS: readonly string[] = []
const STORAGE_SOURCES: readonly string[] = []

/** Bacalhau's NodeInfo of a compute node of ours (protocol 4.3). Nothing runs or waits yet, so all of the capacity is free. */
export function computeNodeInfo({ nodeId, labels, capacity, address, platform, arch }: NodeFacts): NodeInfo {
  const all = compact(capacity)
  return {
    NodeID: nodeId,
    NodeType: 'Compute',
    Labels: { ...labels },
    SupportedProtocols: [...SUPPORTED_PROTOCOLS],
    ComputeNodeInfo: {
      ExecutionEngines: [...ENGINES],
      Publishers: [...PUBLISHERS],
      StorageSources: [...STORAGE_SOURCES],
      MaxCapacity: all,
      QueueCapacity: {},
      AvailableCapacity: all,
      MaxJobRequirements: all,
      RunningExecutions: 0,
      EnqueuedExecutions: 0,
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
