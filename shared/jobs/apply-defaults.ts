import type { Job, JobType, ResourcesSpec, SpecConfig, Task } from '../models/job'
import { normalizeResources } from './normalize-job'

/** What jobs of one type get where they say nothing. Times are seconds. */
interface TypeDefaults {
  readonly Priority: number
  readonly Task: {
    readonly Resources: ResourcesSpec
    /** Batch and ops jobs only. */
    readonly Publisher?: SpecConfig
    readonly Timeouts?: { readonly ExecutionTimeout: number; readonly TotalTimeout: number }
  }
}

/** The configuration's `JobDefaults`, with its durations in seconds. */
export interface JobDefaults {
  readonly Batch: TypeDefaults
  readonly Ops: TypeDefaults
  readonly Service: TypeDefaults
  readonly Daemon: TypeDefaults
}

const shipped: TypeDefaults = { Priority: 0, Task: { Resources: { CPU: '500m', Memory: '512Mb' } } }

/** What Bacalhau ships. */
export const shippedDefaults: JobDefaults = { Batch: shipped, Ops: shipped, Service: shipped, Daemon: shipped }

const keys = { batch: 'Batch', ops: 'Ops', service: 'Service', daemon: 'Daemon' } as const satisfies Record<JobType, keyof JobDefaults>

/** Fills in what a normalised job leaves empty or zero. */
export function applyDefaults(job: Job, defaults: JobDefaults): Job {
  const { Priority, Task: task } = defaults[keys[job.Type]]
  const ends = job.Type === 'batch' || job.Type === 'ops'
  return { ...job, Priority: job.Priority === 0 ? Priority : job.Priority, Tasks: job.Tasks.map((one) => filled(one, task, ends)) }
}

function filled(task: Task, { Resources, Publisher, Timeouts }: TypeDefaults['Task'], ends: boolean): Task {
  const resources = { ...task, Resources: { ...normalizeResources(Resources), ...task.Resources } }
  if (!ends) return resources
  const { ExecutionTimeout = 0, TotalTimeout = 0 } = Timeouts ?? {}
  const times = { ...(ExecutionTimeout > 0 ? { ExecutionTimeout } : {}), ...(TotalTimeout > 0 ? { TotalTimeout } : {}) }
  return {
    ...resources,
    Publisher: task.Publisher.Type === '' && Publisher !== undefined && Publisher.Type !== '' ? withoutEmpty(Publisher) : task.Publisher,
    Timeouts: { ...times, ...task.Timeouts },
  }
}

function withoutEmpty({ Type, Params }: SpecConfig): SpecConfig {
  return { Type, ...(Params === undefined || Params === null || Object.keys(Params).length === 0 ? {} : { Params }) }
}
