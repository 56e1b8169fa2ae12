import { create } from 'zustand'
import type { Cluster } from '../../shared/cluster'

interface ClustersState {
  /** Undefined until main has told them once. */
  readonly clusters: readonly Cluster[] | undefined
}

/** Mirror of main's cluster set; filled by `follow-main.ts` alone. */
export const useClusters = create<ClustersState>(() => ({ clusters: undefined }))

/** The whole list, as main tells it. */
export function takeClusters(clusters: readonly Cluster[]): void {
  useClusters.setState({ clusters })
}

/** Undefined while clusters are not known, and for one that is gone. */
export function useCluster(id: string | undefined): Cluster | undefined {
  return useClusters((state) => state.clusters?.find((cluster) => cluster.id === id))
}
