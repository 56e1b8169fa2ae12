import type { JobType } from '../../shared/models/job'
import type { ProgramEnd, ProgramParams } from './simulated-executor'
import type { Random } from './seeded-random'

/** What a person does to a job later, at a virtual millisecond. */
export type FollowUp =
  | { readonly at: number; readonly kind: 'stop' | 'delete' }
  /** What is different from then on. */
  | { readonly at: number; readonly kind: 'update'; readonly change: Partial<JobShape> }
  /** `version` 0: the latest one. */
  | { readonly at: number; readonly kind: 'rerun'; readonly version: number }

export interface PlannedJob {
  /** Of one name there may be several, each in a namespace of its own. */
  readonly name: string
  readonly namespace: string
  /** Virtual milliseconds. */
  readonly at: number
  readonly shape: JobShape
  readonly followUps: readonly FollowUp[]
}

/** What decides about a job. Cores; seconds. */
export interface JobShape {
  readonly type: JobType
  readonly count: number
  readonly priority: number
  readonly cpu: number
  readonly runMs: number
  readonly end: ProgramEnd
  readonly queueTimeout: number
  readonly executionTimeout: number
  readonly totalTimeout: number
  /** Only nodes of this zone, where it is given. */
  readonly zone: string | undefined
}

/** Longer than any run of the simulation. */
export const patientS = 1_000_000

/** The jobs of a seed, submitted within `spanMs`. */
export function planJobs(random: Random, spanMs: number): PlannedJob[] {
  const jobs = random.whole(2, 9)
  const busybody = random.chance(0.2)
  return Array.from({ length: jobs }, (_, index) => {
    const at = random.whole(0, Math.round(spanMs * 0.7))
    const followUps: FollowUp[] = []
    if (busybody || random.chance(0.35)) {
      const count = busybody ? random.whole(1, 6) : random.whole(1, 2)
      for (let each = 0; each < count; each += 1) followUps.push(followUpOf(random, at + random.whole(0, busybody ? 10_000 : spanMs)))
    }
    const isNamesake = index > 0 && random.chance(0.15)
    return {
      name: `job-${String(isNamesake ? index - 1 : index)}`,
      namespace: isNamesake ? `team-${String(index)}` : 'default',
      at,
      shape: shapeOf(random),
      followUps: followUps.sort((a, b) => a.at - b.at),
    }
  })
}

function followUpOf(random: Random, at: number): FollowUp {
  const kind = random.pick(['stop', 'stop', 'update', 'update', 'rerun', 'delete'] as const)
  if (kind === 'update') return { at, kind, change: changeOf(random) }
  return kind === 'rerun' ? { at, kind, version: random.pick([0, 0, 1, 2]) } : { at, kind }
}

/** Each of them is a change for sure: no run takes so long by itself. */
function changeOf(random: Random): Partial<JobShape> {
  const runMs = random.whole(100, 5000) + 0.5
  return random.pick<Partial<JobShape>>([
    { runMs },
    { runMs, priority: random.pick([1, 7, 20]) },
    { runMs, count: random.pick([1, 2, 4]) },
    { runMs, cpu: random.pick([0.2, 1, 2]) },
    { runMs, queueTimeout: random.pick([0, 10, patientS]) },
  ])
}

export function shapeOf(random: Random): JobShape {
  const type = random.pick<JobType>(['batch', 'batch', 'batch', 'batch', 'service', 'ops', 'daemon'])
  const isLasting = type === 'service' || type === 'daemon'
  const end: ProgramEnd = isLasting
    ? random.pick(['never', 'never', 'never', 'fails-at-first', 'succeeds'])
    : random.pick(['succeeds', 'succeeds', 'succeeds', 'succeeds', 'exits-with-1', 'fails', 'fails-at-first', 'never'])
  return {
    type,
    count: type === 'batch' || type === 'service' ? random.pick([1, 1, 1, 2, 3, 5]) : 1,
    priority: random.pick([0, 0, 0, 5, 10]),
    cpu: random.pick([0.1, 0.5, 1, 1, 2, random.chance(0.15) ? 1000 : 1]),
    runMs: random.pick([10, 100, 1000, 5000, 20_000]),
    end,
    queueTimeout: random.pick([0, 5, 60, patientS, patientS, patientS]),
    executionTimeout: end === 'never' && !isLasting ? random.whole(1, 60) : random.pick([0, 0, 0, 10, 60]),
    totalTimeout: random.pick([0, 0, 0, 0, 20, 120]),
    zone: random.chance(0.15) ? random.pick(['a', 'b']) : undefined,
  }
}

/** The job as a client sends it. */
export function specOf({ name, namespace }: PlannedJob, shape: JobShape): object {
  const { type, count, priority, cpu, runMs, end, queueTimeout, executionTimeout, totalTimeout, zone } = shape
  const params: ProgramParams = { EntryModule: '/m.wasm', RunMs: runMs, End: end }
  const isFinite = type === 'batch' || type === 'ops'
  const total = isFinite ? totalTimeout : 0
  const execution = isFinite && (total === 0 || executionTimeout < total) ? executionTimeout : 0
  // What may be waited for and what it may run must fit into the whole.
  const queue = type === 'ops' || type === 'daemon' ? 0 : total === 0 ? queueTimeout : Math.min(queueTimeout, execution === 0 ? 0 : total - execution)
  return {
    Name: name,
    Namespace: namespace,
    Type: type,
    Count: count,
    Priority: priority,
    ...(zone === undefined ? {} : { Constraints: [{ Key: 'zone', Operator: '=', Values: [zone] }] }),
    Tasks: [
      {
        Name: 'main',
        Engine: { Type: 'wasm', Params: params },
        Resources: { CPU: String(cpu), Memory: '200mb' },
        Timeouts: {
          ...(queue > 0 ? { QueueTimeout: queue } : {}),
          ...(total > 0 ? { TotalTimeout: total } : {}),
          ...(execution > 0 ? { ExecutionTimeout: execution } : {}),
        },
      },
    ],
  }
}
