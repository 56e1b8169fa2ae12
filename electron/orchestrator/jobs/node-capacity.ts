import { taskResources } from '../../../shared/jobs/task-resources'
import type { Job } from '../../../shared/models/job'
import type { Resources } from '../../../shared/models/resources'
import type { StoredExecution } from './job-state'

/** Of each resource, all told. Cores, bytes, GPUs. */
export interface Amounts {
  readonly CPU: number
  readonly Memory: number
  readonly Disk: number
  readonly GPU: number
}

/** No amount of anything. */
export const nothing: Amounts = { CPU: 0, Memory: 0, Disk: 0, GPU: 0 }
const axes = ['CPU', 'Memory', 'Disk', 'GPU'] as const

/** Resources of the wire as amounts; what is not told is 0. */
export function amountsOf(resources: Resources | null | undefined): Amounts {
  return { CPU: resources?.CPU ?? 0, Memory: resources?.Memory ?? 0, Disk: resources?.Disk ?? 0, GPU: resources?.GPU ?? 0 }
}

function combine(a: Amounts, b: Amounts, how: (a: number, b: number) => number): Amounts {
  return { CPU: how(a.CPU, b.CPU), Memory: how(a.Memory, b.Memory), Disk: how(a.Disk, b.Disk), GPU: how(a.GPU, b.GPU) }
}
/** The sum on each axis. */
export const plus = (a: Amounts, b: Amounts): Amounts => combine(a, b, (x, y) => x + y)

/** What is left of a sum when a part of it is taken away: no more and no less, however often that is done. */
export function less(sum: Amounts, part: Amounts): Amounts {
  const { CPU, ...rest } = combine(sum, part, (s, p) => s - p)
  return { CPU: Math.round(CPU * 1e6) / 1e6, ...rest }
}

/** The larger one on each axis. */
export const most = (a: Amounts, b: Amounts): Amounts => combine(a, b, Math.max)

const asked = new WeakMap<Job, Amounts>()

/** What one execution of a job takes of its node. */
export function amountsOfJob(job: Job): Amounts {
  let amounts = asked.get(job)
  if (amounts === undefined) {
    amounts = job.Tasks.map((task) => amountsOf(taskResources(task))).reduce(plus, nothing)
    asked.set(job, amounts)
  }
  return amounts
}

/** What the live executions of a node take by our own books. */
export function reservedBy(executions: Iterable<StoredExecution>, jobOf: (execution: StoredExecution) => Job | undefined): Amounts {
  let sum = nothing
  for (const execution of executions) {
    const job = jobOf(execution)
    if (job !== undefined) sum = plus(sum, amountsOfJob(job))
  }
  return sum
}

/**
 * What a node uses beside our own executions, as of its last word: what it told less the most that it may have had of us when it told it.
 * Our own books are ahead of what nodes tell every 15 s, in both directions.
 */
export function foreignUse(told: { readonly max: Amounts; readonly available: Amounts; readonly queued: Amounts }, oursThen: Amounts): Amounts {
  const used = combine(
    plus(
      combine(told.max, told.available, (m, a) => m - a),
      told.queued,
    ),
    oursThen,
    (u, r) => u - r,
  )
  return combine(used, nothing, Math.max)
}

/** The node's free and queued capacity as schedulers should see it: all that is in use is ours or foreign. */
export function capacityNow(max: Amounts, reserved: Amounts, foreign: Amounts): { readonly available: Amounts; readonly queued: Amounts } {
  const used = plus(reserved, foreign)
  return {
    available: combine(
      combine(max, used, (m, u) => m - u),
      nothing,
      Math.max,
    ),
    queued: combine(
      combine(used, max, (u, m) => u - m),
      nothing,
      Math.max,
    ),
  }
}

/** Bacalhau's form: what is zero is left out. */
export function resourcesOf(amounts: Amounts): Resources {
  const resources: Partial<Record<(typeof axes)[number], number>> = {}
  for (const axis of axes) if (amounts[axis] !== 0) resources[axis] = amounts[axis]
  return resources
}
