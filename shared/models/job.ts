/** An engine, a storage source or a publisher: its type (compared without case, `""` for none) and free parameters. */
export interface SpecConfig {
  readonly Type: string
  readonly Params?: Record<string, unknown> | null | undefined
  /** What other versions write beside them stays. */
  readonly [key: string]: unknown
}

/** Those of Kubernetes’ label selectors, which Bacalhau takes over. */
export const constraintOperators = ['=', '==', '!=', 'in', 'notin', 'exists', '!', 'gt', 'lt'] as const
/** How a label is compared. */
export type ConstraintOperator = (typeof constraintOperators)[number]
/** What a job asks of a node’s label. `Values`: none for `exists` and `!`. */
export interface Constraint {
  readonly Key: string
  readonly Operator: string
  readonly Values?: readonly string[] | null
}

/** `batch` and `ops` end, `service` and `daemon` do not; `ops` and `daemon` run on every node that fits. */
export const jobTypes = ['batch', 'service', 'daemon', 'ops'] as const
/** How a job is spread, and whether it ends. */
export type JobType = (typeof jobTypes)[number]
/** Bacalhau’s words for what has become of a job. */
export type JobStateType = 'Undefined' | 'Pending' | 'Queued' | 'Running' | 'Completed' | 'Failed' | 'Stopped'
/** States that a job does not leave by itself. */
export const terminalJobStates: ReadonlySet<JobStateType> = new Set(['Completed', 'Failed', 'Stopped'])

/** A state with words for people; `Details` hold Bacalhau’s keys (`Hint`, `ErrorCode`, …). */
export interface State<StateType> {
  readonly StateType: StateType
  readonly Message?: string
  readonly Details?: Readonly<Record<string, string>>
}

/** Where an input comes from, and the absolute path at which the program finds it. */
export interface InputSource {
  readonly Source: SpecConfig
  readonly Alias?: string
  readonly Target: string
}
interface ResultPath {
  readonly Name: string
  readonly Path: string
}
/** Amounts as people write them: `500m`, `1gb`, `10GB`; empty or absent takes the default. */
export interface ResourcesSpec {
  readonly CPU?: string
  readonly Memory?: string
  readonly Disk?: string
  readonly GPU?: string
}
/** Seconds; 0 for no limit. */
export interface Timeouts {
  readonly ExecutionTimeout?: number
  readonly QueueTimeout?: number
  readonly TotalTimeout?: number
}
/** `Domains` go with type `HTTP` only, `Ports` with `Host` and `Bridge`. */
export interface Network {
  readonly Type?: string
  readonly Domains?: readonly string[]
  readonly Ports?: readonly PortMapping[]
}
/** A port of the program. `Static`: on the node; chosen there when it is left out. */
export interface PortMapping {
  readonly Name: string
  readonly Static?: number
  readonly Target?: number
  readonly HostNetwork?: string
}

/** What a node runs. A job has exactly one. */
export interface Task {
  readonly Name: string
  readonly Engine: SpecConfig
  readonly Publisher: SpecConfig
  readonly Env?: Readonly<Record<string, string>>
  readonly Meta?: Readonly<Record<string, string>>
  readonly InputSources?: readonly InputSource[]
  readonly ResultPaths?: readonly ResultPath[]
  readonly Resources: ResourcesSpec
  readonly Network: Network
  readonly Timeouts: Timeouts
}

/** A job as the API tells it; `CreateTime`, `ModifyTime` in Unix nanoseconds (rounded to what a double holds, which no client minds). */
export interface Job {
  readonly ID: string
  readonly Name: string
  readonly Namespace: string
  readonly Type: JobType
  readonly Priority: number
  readonly Count: number
  readonly Constraints: readonly Constraint[]
  readonly Meta: Readonly<Record<string, string>>
  readonly Labels: Readonly<Record<string, string>>
  readonly Tasks: readonly Task[]
  readonly State: State<JobStateType>
  readonly Version: number
  readonly Revision: number
  readonly CreateTime: number
  readonly ModifyTime: number
}
