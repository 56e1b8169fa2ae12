import { createContext, useContext } from 'react'

/** The cluster whose nodes are on screen. */
export interface ClusterView {
  readonly clusterId: string
  readonly clusterName: string
  /** This machine runs its orchestrator. */
  readonly local: boolean
  /** Nodes of this machine know how to join it: one more needs no question. */
  readonly joinable: boolean
  /** The orchestrator answers: what asks it can be done. */
  readonly live: boolean
  /** What is on screen is not current. */
  readonly stale: boolean
}

const context = createContext<ClusterView | undefined>(undefined)
/** Gives it to the screen's components. */
export const ClusterViewProvider = context.Provider

/** The cluster that the screen of nodes shows. */
export function useClusterView(): ClusterView {
  const view = useContext(context)
  if (view === undefined) throw new Error('no cluster above this component')
  return view
}
