import type { ClusterColour, ClusterPhase, LocalNode } from '../../../shared/cluster'
import type { MachineNodes } from '../nodes/machine-nodes'

/** What a local cluster shows of itself; whole at every change. */
export interface LocalClusterView {
  readonly id: string
  readonly name: string
  readonly colour: ClusterColour
  /** Unix ms. */
  readonly createdAt: number
  readonly phase: ClusterPhase
  /** The orchestrator's HTTP API; undefined while it does not run. */
  readonly apiUrl: string | undefined
  /** Where it listens, or listened last; undefined before the first start. */
  readonly reach: { readonly host: string; readonly port: number; readonly shared: boolean } | undefined
  /** The orchestrator's host first. */
  readonly localNodes: readonly LocalNode[]
  readonly notices: readonly string[]
}

/** The cluster's token and where it comes from. Never log it. */
export interface ClusterToken {
  readonly token: string
  readonly generated: boolean
  readonly changedAt: number | undefined
  readonly configPath: string
}

/**
 * One cluster of this machine: an orchestrator and compute nodes, each in a host of its own, all in one folder.
 * Nothing runs before `start`; after `stop` nothing does.
 */
export interface LocalCluster extends MachineNodes {
  readonly view: LocalClusterView
  /** Called after every change of `view`; returns what ends it. */
  on(listener: () => void): () => void

  /**
   * Resolves when the orchestrator is ready and a compute node has joined (or is known not to), rejects with why the cluster does not
   * run; then nothing is left behind. A second call waits for the same start.
   */
  start(): Promise<void>
  /** Stops compute nodes, then the orchestrator; ends a start that is on the way. Never rejects. */
  stop(): Promise<void>
  /** Ends all hosts at once. */
  kill(): Promise<void>

  token(): Promise<ClusterToken>
  /** Sets the token of both roles; running hosts take it at once. Throws `token.empty` or `token.weak` while the cluster is shared. */
  setToken(token: string, generated: boolean): Promise<void>
  /** Listens on a network address, with a token (the present one when none is given). Throws `address.*`, `token.empty`, `token.weak`; then all is as before. */
  share(address: string, token?: { readonly token: string; readonly generated: boolean }): Promise<void>
  /** Listens on this machine only, again. */
  unshare(): Promise<void>

  rename(name: string, colour?: ClusterColour): Promise<void>
}
