import { z } from 'zod'

/** An engine, a storage source or a publisher: its type (compared without case) and free parameters. */
export const specConfigSchema = z.looseObject({ Type: z.string().default(''), Params: z.record(z.string(), z.unknown()).nullish() })
export type SpecConfig = z.infer<typeof specConfigSchema>

export const constraintOperators = ['=', '==', '!=', 'in', 'notin', 'exists', '!', 'gt', 'lt'] as const
export type ConstraintOperator = (typeof constraintOperators)[number]
export interface Constraint {
  readonly Key: string
  readonly Operator: string
  readonly Values?: readonly string[] | null
}

export const jobTypes = ['batch', 'service', 'daemon', 'ops'] as const
export type JobType = (typeof jobTypes)[number]
export const jobStates = ['Undefined', 'Pending', 'Queued', 'Running', 'Completed', 'Failed', 'Stopped'] as const
export type JobStateType = (typeof jobStates)[number]
export const terminalJobStates: ReadonlySet<JobStateType> = new Set(['Completed', 'Failed', 'Stopped'])

export interface State<StateType> {
  readonly StateType: StateType
  readonly Message?: string
  readonly Details?: Readonly<Record<string, string>>
}

export interface InputSource {
  readonly Source: SpecConfig
  readonly Alias?: string
  readonly Target: string
}
export interface ResultPath {
  readonly Name: string
  readonly Path: string
}
export interface ResourcesSpec {
  readonly CPU?: string
  readonly Memory?: string
  readonly Disk?: string
  readonly GPU?: string
}
export interface Timeouts {
  readonly ExecutionTimeout?: number
  readonly QueueTimeout?: number
  readonly TotalTimeout?: number
}
export interface Network {
  readonly Type?: string
  readonly Domains?: readonly string[]
  readonly Ports?: readonly PortMapping[]
}
export interface PortMapping {
  readonly Name: string
  readonly Static?: number
  readonly Target?: number
  readonly HostNetwork?: string
}

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
