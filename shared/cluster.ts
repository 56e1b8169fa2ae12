import type { Failure } from './errors'
import type { OrchestratorFacts, Revision } from './http/feed'
import type { ComputeConnection } from './http/routes'
import type { StepName } from './host-report'
import type { NodeRow } from './models/node-row'
import type { ServiceState } from './service'

/** The eight colours a user may give a cluster (tokens `--cluster-1` … `--cluster-8`): a name, never a state. */
export type ClusterColour = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** One named step of a start, as shown on the starting screen. Times in milliseconds. */
export interface StartStep {
  readonly name: StepName
  readonly status: 'to-come' | 'begun' | 'done' | 'failed'
  readonly detail: string
  readonly ms?: number
  readonly beganAt?: number
  readonly limitMs: number
}

/** A node that this machine runs for a cluster (the orchestrator's host included). */
export interface LocalNode {
  /** Folder and file-safe name; also the node id. */
  readonly name: string
  readonly role: 'orchestrator' | 'compute'
  readonly state: ServiceState
  /** The compute role's own view of its connection. */
  readonly connection?: ComputeConnection
  readonly apiUrl?: string
  /** Capacity it was given out of this machine's. Cores, bytes. */
  readonly capacity?: { readonly CPU: number; readonly Memory: number; readonly Disk: number }
  readonly lastLogLine?: string
}

/** What is known of a cluster's API at this moment. `asOf` is Unix ms of the last proof that the data is current. */
export type ClusterLink =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting'; readonly since: number }
  | { readonly kind: 'live'; readonly asOf: number; readonly feed: 'events' | 'poll' }
  /** The last data stay on screen; the next try comes at `nextTryAt`. */
  | { readonly kind: 'stale'; readonly asOf: number; readonly failure: Failure; readonly nextTryAt: number }
  | { readonly kind: 'unreachable'; readonly failure: Failure; readonly nextTryAt: number }

/** What a cluster of this machine is doing; an attached one counts as running. Times are Unix milliseconds. */
export type ClusterPhase =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly since: number; readonly steps: readonly StartStep[]; readonly lastLogLine?: string }
  | { readonly kind: 'running'; readonly since: number }
  | { readonly kind: 'stopping'; readonly since: number }
  | { readonly kind: 'failed'; readonly at: number; readonly failure: Failure; readonly steps: readonly StartStep[] }

/** One remembered cluster. `local`: this machine runs its orchestrator. `attached`: a foreign orchestrator, by its API's address. */
export interface Cluster {
  readonly id: string
  readonly name: string
  readonly colour: ClusterColour
  readonly kind: 'local' | 'attached'
  readonly apiUrl: string
  /** Attached clusters: `running` while remembered. */
  readonly phase: ClusterPhase
  readonly link: ClusterLink
  /** Local nodes, the orchestrator's host first. */
  readonly localNodes: readonly LocalNode[]
  /** Where the node port listens; undefined for attached clusters and before the first start. */
  readonly reach?: { readonly host: string; readonly port: number; readonly shared: boolean }
  readonly notices: readonly string[]
}

/** The nodes of one cluster, as the feed tells them: whole at first, then whole rows. */
export type NodesEvent =
  | {
      readonly kind: 'snapshot'
      readonly clusterId: string
      readonly revision: Revision
      readonly nodes: readonly NodeRow[]
      readonly orchestrator?: OrchestratorFacts
    }
  | {
      readonly kind: 'changes'
      readonly clusterId: string
      readonly revision: Revision
      readonly changed: readonly NodeRow[]
      readonly removed: readonly string[]
      readonly orchestrator?: OrchestratorFacts
    }

/** A line of the list before *Start cluster*. */
export interface PreflightCheck {
  readonly id: 'reach' | 'ports' | 'capacity' | 'disk' | 'nats-server'
  readonly status: 'good' | 'warn' | 'bad'
  readonly label: string
  readonly detail: string
}
/** What is looked at before a cluster is made, and the ports that it would take. */
export interface Preflight {
  readonly checks: readonly PreflightCheck[]
  readonly natsPort: number
  readonly apiPort: number
  readonly suggestedName: string
}

/** What *Test* finds at an address before a cluster is attached. */
export interface AttachReport {
  readonly apiUrl: string
  readonly product: 'Bacalhau' | 'Shoal'
  readonly version: string
  readonly nodeId: string
  readonly nodes: number
  readonly ms: number
  readonly feed: 'events' | 'poll'
}

/** How nodes of this machine join an attached cluster, before any is added or another way is chosen. */
export interface JoiningView {
  /** Of its orchestrators, as nodes take them. */
  readonly addresses: readonly string[]
  /** Whether nodes that are here join so, its API tells so, or it follows from the API's address and the usual port. */
  readonly source: 'nodes' | 'orchestrator' | 'guess'
  /** Undefined where it is not told. */
  readonly tokenNeeded: boolean | undefined
  /** Nodes that are here have a token: without a new one it stays. */
  readonly tokenKnown: boolean
  /** By what its API tells, the node port is open to the orchestrator's own machine only. */
  readonly outOfReach: boolean
}

/** What the Access screen knows; the token itself only crosses on `access.reveal`. */
export interface Access {
  readonly clusterId: string
  readonly token:
    | { readonly set: false }
    | {
        readonly set: true
        readonly fingerprint: string
        readonly bits: number
        readonly generated: boolean
        readonly changedAt?: number
        readonly source: string
      }
  readonly addresses: readonly { readonly address: string; readonly reachable: 'this-machine' | 'network'; readonly interfaceName: string }[]
  /** Exact commands for another machine; `TOKEN` stands where the token goes. */
  readonly commands: readonly { readonly product: 'Shoal' | 'Bacalhau'; readonly title: string; readonly command: string }[]
  readonly usedBy: { readonly local: number; readonly remote: number }
  readonly configPath: string
}

/** What changing the token does, told before it is done. */
export interface TokenEffect {
  readonly strength: { readonly bits: number; readonly verdict: 'empty' | 'weak' | 'fair' | 'strong'; readonly reason: string }
  readonly fingerprint: string
  readonly effects: readonly string[]
}

/** An address of this machine under which others may reach it; `label` tells which network it belongs to. */
export interface NetworkChoice {
  readonly address: string
  readonly label: string
}
/** How a cluster is shared now, and how it could be. */
export interface SharePreview {
  readonly choices: readonly NetworkChoice[]
  readonly current: { readonly host: string; readonly shared: boolean }
  readonly natsPort: number
  readonly apiPort: number
  readonly hasToken: boolean
}

/** `config.yaml` as text, with what is wrong with it. Lines and columns count from 1. */
export interface ConfigProblem {
  readonly severity: 'error' | 'warning'
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly message: string
}
/** A node’s `config.yaml` as the editor opens it. */
export interface ConfigFileView {
  readonly path: string
  readonly text: string
  /** Hash of the text on disk; a save with another base is refused. */
  readonly base: string
  readonly problems: readonly ConfigProblem[]
  /** Which local node it configures. */
  readonly node: string
}

/** What adding nodes on this machine would give each of them. Nodes that are there keep their share and run on; only new ones divide what is left. Cores, bytes. */
export interface NodeShare {
  readonly machine: { readonly CPU: number; readonly Memory: number; readonly Disk: number }
  readonly perNode: readonly {
    readonly name: string
    readonly CPU: number
    readonly Memory: number
    readonly Disk: number
    readonly isNew: boolean
  }[]
}

/** A line of a node’s log, or of what it runs; secrets are blackened in it. */
export interface LogLine {
  readonly node: string
  /** Unix ms, where the line has a time. */
  readonly at?: number
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  readonly text: string
}

/** The app and its machine; `dark` is what is in effect, `theme` what was chosen. */
export interface AppFacts {
  readonly version: string
  readonly platform: string
  readonly electron: string
  readonly theme: 'system' | 'light' | 'dark'
  readonly dark: boolean
  readonly reducedMotion: boolean
  readonly systemFrame: boolean
  readonly sandboxed: boolean
  readonly homeDir: string
}
