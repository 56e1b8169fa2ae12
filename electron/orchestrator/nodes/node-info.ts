import type { NodeInfo } from '../../../shared/models/node'

/** A node's description without what changes from heartbeat to heartbeat: what the ledger keeps. */
export function staticInfo(info: NodeInfo): NodeInfo {
  return {
    ...info,
    ComputeNodeInfo: { ...info.ComputeNodeInfo, AvailableCapacity: {}, QueueCapacity: {}, RunningExecutions: 0, EnqueuedExecutions: 0 },
  }
}

/** Whether two descriptions say the same, apart from what heartbeats change and from the order of keys and names. */
export function sameInfo(a: NodeInfo, b: NodeInfo): boolean {
  return canonical(staticInfo(a)) === canonical(staticInfo(b))
}

/** Real nodes make their lists of engines, publishers and sources from maps, so that the order means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (isTexts(item)) return [...item].sort()
    if (Array.isArray(item)) return item as unknown[]
    if (item !== null && typeof item === 'object') return Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
    return item
  })
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string')
}
